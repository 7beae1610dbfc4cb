/** A template's content with every default written out, as the editor works on it. */
import type { Schemas } from '@/lib/api';

export type Content = Schemas['TemplateContent'];
export type Kind = Content['kind'];
export type Area = 'header' | 'primary' | 'secondary' | 'auxiliary' | 'back';
export type ImagePlace = keyof Schemas['Images'];
export type Format = NonNullable<Schemas['FieldContent']['format']>;

/** The fields as the API has them, none left out. */
type Whole<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };
export type Field = Whole<Schemas['FieldContent']>;
export type Stamps = Whole<Schemas['Stamps']>;
export type Barcode = Whole<Schemas['Barcode']>;
export type Place = Whole<Schemas['Place']>;
export type DesignLink = Schemas['Link'];
export type Fields = Readonly<Record<Area, readonly Field[]>>;
export type Translations = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Design {
  readonly kind: Kind;
  readonly language: 'en' | 'fr' | 'ar';
  readonly organization_name: string;
  readonly title: string;
  readonly description: string;
  readonly logo_text: string;
  readonly fields: Fields;
  readonly translations: Translations;
  readonly colours: Whole<Schemas['Colours']>;
  readonly images: Whole<Schemas['Images']>;
  readonly stamps: Stamps | null;
  readonly barcode: Barcode | null;
  readonly locations: readonly Place[];
  readonly max_distance_m: number | null;
  readonly links: readonly DesignLink[];
  readonly page_link: boolean;
  readonly expires_at: string | null;
  readonly sharing_prohibited: boolean;
  readonly apple: Record<string, unknown>;
  readonly google: { readonly class: Record<string, unknown>; readonly object: Record<string, unknown> };
}

export const KINDS = ['stamps', 'points', 'membership', 'coupon', 'gift_card', 'event_ticket', 'generic'] as const satisfies readonly Kind[];
export const AREAS = ['header', 'primary', 'secondary', 'auxiliary', 'back'] as const satisfies readonly Area[];
export const FRONT = ['header', 'primary', 'secondary', 'auxiliary'] as const satisfies readonly Area[];
export const IMAGE_PLACES = ['icon', 'logo', 'wide_logo', 'strip', 'hero', 'thumbnail', 'background', 'stamp', 'empty_stamp'] as const satisfies readonly ImagePlace[];

export const emptyField = (key: string): Field => ({
  key,
  label: '',
  value: '',
  change_message: null,
  alignment: null,
  format: 'text',
  currency: null,
  length: 'medium',
  relative: false,
  detect: null,
  link: null,
});

export const newStamps = (goal = 10): Stamps => ({ goal, shape: 'cup', filled: null, empty: null });
export const newBarcode = (): Barcode => ({ format: 'qr', message: '{{ pass.code }}', alt_text: '{{ pass.code }}' });

/** The API's content with its defaults written out. */
export function designOf(content: Content): Design {
  const fields = Object.fromEntries(
    AREAS.map((area) => [area, (content.fields?.[area] ?? []).map((field) => ({ ...emptyField(field.key), ...field }))]),
  ) as unknown as Fields;
  return {
    kind: content.kind,
    language: content.language ?? 'en',
    organization_name: content.organization_name,
    title: content.title,
    description: content.description,
    logo_text: content.logo_text ?? '',
    fields,
    translations: content.translations ?? {},
    colours: { background: '#5b3a29', foreground: '#ffffff', label: '#f2d9c2', strip: null, ...content.colours },
    images: { ...noImages(), ...content.images },
    stamps: content.stamps ? { ...newStamps(), ...content.stamps } : null,
    barcode: content.barcode === null ? null : { ...newBarcode(), ...content.barcode },
    locations: (content.locations ?? []).map((place) => ({ relevant_text: '', ...place })),
    max_distance_m: content.max_distance_m ?? null,
    links: content.links ?? [],
    page_link: content.page_link ?? true,
    expires_at: content.expires_at ?? null,
    sharing_prohibited: content.sharing_prohibited ?? false,
    apple: content.apple ?? {},
    google: { class: content.google?.class ?? {}, object: content.google?.object ?? {} },
  };
}

/** The design as the API takes it. */
export const contentOf = (design: Design): Content => structuredClone(design) as unknown as Content;

const noImages = () =>
  Object.fromEntries(IMAGE_PLACES.map((place) => [place, null])) as unknown as Whole<Schemas['Images']>;

/** Every field of the card with its place. */
export const placedFields = (design: Design): { readonly area: Area; readonly index: number; readonly field: Field }[] =>
  AREAS.flatMap((area) => design.fields[area].map((field, index) => ({ area, index, field })));

export const isLoyalty = (kind: Kind): boolean => kind === 'stamps' || kind === 'points' || kind === 'membership';

/** Apple's style of a kind. */
export function styleOf(kind: Kind): 'storeCard' | 'coupon' | 'eventTicket' | 'generic' {
  if (kind === 'coupon' || kind === 'generic') return kind;
  return kind === 'event_ticket' ? 'eventTicket' : 'storeCard';
}
