/** What two designs differ in, and how two people's changes of one design are put together. */
import { type Area, type Design, type Field, type Fields, AREAS, placedFields } from './design';
import { stable } from './editor';

/** A design taken apart: every piece that can change on its own, by its path. */
export type Pieces = ReadonlyMap<string, unknown>;

const WHOLE = [
  'kind', 'language', 'organization_name', 'title', 'description', 'logo_text', 'stamps', 'barcode', 'locations',
  'max_distance_m', 'links', 'page_link', 'expires_at', 'sharing_prohibited', 'apple', 'google',
] as const satisfies readonly (keyof Design)[]; // prettier-ignore

export function piecesOf(design: Design): Map<string, unknown> {
  const pieces = new Map<string, unknown>(WHOLE.map((name) => [name, design[name]]));
  for (const [name, colour] of Object.entries(design.colours)) pieces.set(`colours.${name}`, colour);
  for (const [place, image] of Object.entries(design.images)) pieces.set(`images.${place}`, image);
  for (const { field } of placedFields(design)) pieces.set(`field.${field.key}`, field);
  pieces.set('layout', layoutOf(design));
  for (const [language, known] of Object.entries(design.translations)) {
    pieces.set(`language.${language}`, true);
    for (const [text, translated] of Object.entries(known)) pieces.set(`translation.${language}.${text}`, translated);
  }
  return pieces;
}

type Layout = Readonly<Record<Area, readonly string[]>>;
const layoutOf = (design: Design): Layout =>
  Object.fromEntries(AREAS.map((area) => [area, design.fields[area].map(({ key }) => key)])) as unknown as Layout;

export interface Difference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

export function differences(before: Design, after: Design): Difference[] {
  const [one, other] = [piecesOf(before), piecesOf(after)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((path) => !same(one.get(path), other.get(path)))
    .map((path) => ({ path, before: one.get(path), after: other.get(path) }));
}

export interface Conflict {
  readonly path: string;
  readonly mine: unknown;
  readonly theirs: unknown;
}

export interface Merge {
  /** Changed by both, differently: somebody must choose. */
  readonly conflicts: readonly Conflict[];
  readonly settle: (takeTheirs: ReadonlySet<string>) => Design;
}

/** Three-way: what only one side changed is taken from that side; `settle` wants the conflicts to take from theirs. */
export function merge(base: Design, mine: Design, theirs: Design): Merge {
  const [origin, own, foreign] = [piecesOf(base), piecesOf(mine), piecesOf(theirs)];
  const paths = [...new Set([...own.keys(), ...foreign.keys(), ...origin.keys()])];
  const changed = (side: Pieces) => paths.filter((path) => !same(origin.get(path), side.get(path)));
  const [byMe, byThem] = [changed(own), changed(foreign)];
  const conflicts = byMe
    .filter((path) => byThem.includes(path) && !same(own.get(path), foreign.get(path)))
    .map((path) => ({ path, mine: own.get(path), theirs: foreign.get(path) }));
  return {
    conflicts,
    settle: (takeTheirs) => {
      const taken = new Set(byThem.filter((path) => takeTheirs.has(path) || !conflicts.some((each) => each.path === path)));
      return assembled(new Map(paths.map((path) => [path, (taken.has(path) ? foreign : own).get(path)])), mine, [theirs, base]);
    },
  };
}

/** A design from its pieces; a field that the layout does not know stands where some side had it. */
function assembled(pieces: Pieces, mine: Design, others: readonly Design[]): Design {
  const layout = pieces.get('layout') as Layout;
  const known = new Set(AREAS.flatMap((area) => layout[area]));
  const stray = (area: Area) =>
    [mine, ...others].flatMap((design) => design.fields[area].map(({ key }) => key)).filter((key) => !known.has(key) && known.add(key));
  const fields = Object.fromEntries(
    AREAS.map((area) => [
      area,
      [...layout[area], ...stray(area)].flatMap((key) => (pieces.get(`field.${key}`) as Field | undefined) ?? []),
    ]),
  ) as unknown as Fields;
  const group = (head: string) =>
    Object.fromEntries([...pieces].filter(([path]) => path.startsWith(`${head}.`)).map(([path, value]) => [path.slice(head.length + 1), value]));
  const translations: Record<string, Record<string, string>> = {};
  for (const [path, value] of pieces) {
    const [head, language = ''] = path.split('.', 2);
    if (head === 'language' && value === true) translations[language] ??= {};
    if (head === 'translation' && typeof value === 'string' && pieces.get(`language.${language}`) === true) {
      (translations[language] ??= {})[path.slice(`translation.${language}.`.length)] = value;
    }
  }
  const whole = Object.fromEntries(WHOLE.map((name) => [name, pieces.get(name)]));
  return { ...whole, fields, translations, colours: group('colours'), images: group('images') } as unknown as Design;
}

const same = (one: unknown, other: unknown): boolean => one === other || stable(one) === stable(other);
