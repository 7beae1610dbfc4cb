/** A card as a wallet shows it: the design filled with one customer's facts, in one language. */
import { type Area, type Design, type Field, AREAS, isLoyalty, placedFields } from './design';
import { type Facts, Moment, styled } from './facts';
import { balanceField, googleRows } from './limits';
import { isDynamic, rendered, singleOf } from './liquid';

export interface ShownField {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly message: string | null;
  readonly alignment: Field['alignment'];
  readonly link: string | null;
}

export interface ShownCard {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly organization: string;
  readonly title: string;
  readonly description: string;
  readonly logoText: string;
  readonly fields: Readonly<Record<Area, readonly ShownField[]>>;
  readonly barcode: { readonly format: string; readonly message: string; readonly altText: string } | null;
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly stamps: { readonly count: number; readonly goal: number } | null;
}

const RTL = new Set(['ar', 'fa', 'he', 'ur']);
const DATED = new Set(['date', 'time', 'date_time']);

/** The card in a language; texts without a translation stay as they are. */
export function showCard(design: Design, facts: Facts, language: string): ShownCard {
  const text = (source: string) => textIn(design, source, facts, language);
  const field = (each: Field): ShownField => ({
    key: each.key,
    label: text(each.label),
    value: valueIn(design, each, facts, language),
    message: each.change_message ? text(each.change_message) : null,
    alignment: each.alignment,
    link: each.link,
  });
  const fields = Object.fromEntries(
    AREAS.map((area) => [area, design.fields[area].map(field).filter(({ value }) => value !== '')]),
  ) as unknown as ShownCard['fields'];
  const { barcode, stamps } = design;
  const page = pageField(design, facts, language);
  return {
    language,
    direction: RTL.has(language.slice(0, 2)) ? 'rtl' : 'ltr',
    organization: text(design.organization_name),
    title: text(design.title),
    description: text(design.description),
    logoText: text(design.logo_text),
    fields: page ? { ...fields, back: [...fields.back, page] } : fields,
    barcode: barcode && { format: barcode.format, message: text(barcode.message), altText: text(barcode.alt_text) },
    links: design.links.map((link) => ({ label: text(link.label), url: link.url })),
    stamps: stamps && { count: Math.max(0, Math.min(Number(facts.get('stamps.count') ?? 0), stamps.goal)), goal: stamps.goal },
  };
}

const PAGE = 'organization.page';
const PAGE_LABELS: Readonly<Record<string, string>> = {
  en: 'My details and privacy',
  fr: 'Mes données et ma confidentialité',
  ar: 'بياناتي وخصوصيتي',
};

/** The way to my page that the server puts last on the back, where the design does not name it. */
function pageField(design: Design, facts: Facts, language: string): ShownField | null {
  const isNamed = placedFields(design).some(({ field }) => `${field.label} ${field.value} ${field.link ?? ''}`.includes(PAGE));
  const value = facts.get(PAGE);
  if (!design.page_link || isNamed || !isLoyalty(design.kind) || typeof value !== 'string') return null;
  const label = PAGE_LABELS[language.slice(0, 2)] ?? PAGE_LABELS.en ?? '';
  return { key: 'page', label, value, message: null, alignment: null, link: null };
}

function textIn(design: Design, source: string, facts: Facts, language: string): string {
  if (language === design.language) return rendered(source, facts, language);
  const known = design.translations[language];
  const result = rendered(known?.[source] ?? source, facts, language);
  return known?.[result] ?? result;
}

function valueIn(design: Design, field: Field, facts: Facts, language: string): string {
  if (field.format === 'text') return textIn(design, field.value, facts, language);
  const single = singleOf(field.value);
  const value = single === null ? literal(field) : facts.get(single);
  if (value === null || value === undefined) return textIn(design, field.value, facts, language);
  return styled(value, field, language);
}

/** A number or a date that is written in the design itself. */
function literal(field: Field): number | Moment | null {
  if (isDynamic(field.value)) return null;
  if (DATED.has(field.format)) return Moment.isReadable(field.value) ? new Moment(field.value, 'en') : null;
  const number = Number(field.value);
  return field.value.trim() !== '' && Number.isFinite(number) ? number : null;
}

export interface GoogleFace {
  readonly issuer: string;
  readonly small: string;
  readonly large: string;
  readonly rows: readonly (readonly ShownField[])[];
  readonly details: readonly ShownField[];
}

/** What Google's card makes of it: the heading of its type, rows of fields, and the text modules below the card. */
export function googleFace(design: Design, card: ShownCard): GoogleFace {
  const every = new Map(AREAS.flatMap((area) => card.fields[area].map((field) => [field.key, field] as const)));
  const rows = googleRows(design)
    .map((keys) => keys.flatMap((key) => every.get(key) ?? []))
    .filter((row) => row.length > 0);
  const first = design.kind === 'generic' ? every.get(design.fields.primary[0]?.key ?? '') : undefined;
  const points = isLoyalty(design.kind) ? balanceField(design)?.key : undefined;
  const front = [...card.fields.header, ...card.fields.primary, ...card.fields.secondary, ...card.fields.auxiliary];
  return {
    issuer: card.organization,
    small: design.kind === 'coupon' ? card.organization : (first?.label ?? ''),
    large: first?.value ?? card.title,
    rows,
    details: [...front.filter(({ key }) => key !== points && key !== first?.key), ...card.fields.back],
  };
}
