/** The texts of a design and their translations, which go from a text to its translation. */
import { type Design, placedFields } from './design';

export interface PlacedText {
  readonly path: string;
  readonly text: string;
  /** Names stay as they are in most languages: they are offered for translation, but not missed. */
  readonly isName: boolean;
}

const BRACES = /\{\{.*?\}\}|\{%.*?%\}/gs;
const LETTER = /\p{L}/u;

/** Every text that a reader sees, once, in the order of the card. */
export function textsOf(design: Design): PlacedText[] {
  const named = (path: string, text: string): PlacedText => ({ path, text, isName: true });
  const plain = (path: string, text: string): PlacedText => ({ path, text, isName: false });
  const every = [
    named('title', design.title),
    named('organization_name', design.organization_name),
    named('logo_text', design.logo_text),
    plain('description', design.description),
    ...placedFields(design).flatMap(({ area, index, field }) => {
      const path = `fields.${area}.${index}`;
      return [plain(`${path}.label`, field.label), plain(`${path}.value`, field.value), plain(`${path}.change_message`, field.change_message ?? '')];
    }),
    ...design.locations.map((place, index) => plain(`locations.${index}.relevant_text`, place.relevant_text)),
    ...design.links.map((link, index) => plain(`links.${index}.label`, link.label)),
  ];
  const seen = new Set<string>();
  return every.filter(({ text }) => {
    if (!hasWords(text) || seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** A text as a person says it: placeholders by what they mean, the ways of a condition apart by strokes. */
export function inWords(text: string, placeholders: readonly { readonly name: string; readonly meaning: string }[]): string {
  const told = text.replace(BRACES, (tag) => {
    if (tag.startsWith('{%')) return '\n';
    const name = /[a-z_]+(?:\.[a-z0-9_]+)*/.exec(tag)?.[0];
    return `‹${placeholders.find((each) => each.name === name)?.meaning ?? name ?? ''}›`;
  });
  return told
    .split('\n')
    .map((part) => part.trim())
    .filter(Boolean)
    .join(' / ');
}

/** Whether there is anything to translate beside placeholders, numbers and addresses. */
export function hasWords(text: string): boolean {
  const rest = text.replace(BRACES, ' ').replace('%@', ' ').trim();
  return LETTER.test(rest) && !/^(https?:\/\/|mailto:|tel:)\S+$/.test(rest) && !/^\S+@\S+\.\S+$/.test(rest);
}

export const translation = (design: Design, language: string, text: string): string | undefined =>
  design.translations[language]?.[text];

export function translate(design: Design, language: string, text: string, translated: string): Design {
  const known = { ...design.translations[language] };
  if (translated === '') Reflect.deleteProperty(known, text);
  else known[text] = translated;
  return { ...design, translations: { ...design.translations, [language]: known } };
}

export const untranslated = (design: Design, language: string): PlacedText[] =>
  textsOf(design).filter(({ text, isName }) => !isName && translation(design, language, text) === undefined);

/**
 * Texts whose translation is older than they are: the text was changed since `saved`, its translation was not.
 */
export function toCheck(design: Design, saved: Design, language: string): PlacedText[] {
  const before = new Map(textsOf(saved).map(({ path, text }) => [path, text]));
  return textsOf(design).filter(({ path, text }) => {
    const old = before.get(path);
    const now = translation(design, language, text);
    return now !== undefined && old !== undefined && old !== text && now === translation(saved, language, old) && translation(saved, language, text) === undefined;
  });
}

/** After a text was rewritten: its translations follow, unless another place still has the old one. */
export function carried(design: Design, old: string, text: string): Design {
  if (old === text || old === '' || text === '') return design;
  const stays = textsOf(design).some((each) => each.text === old);
  const languages = Object.entries(design.translations).filter(([, known]) => known[old] !== undefined && known[text] === undefined);
  if (languages.length === 0) return design;
  const translations = { ...design.translations };
  for (const [language, known] of languages) {
    const kept = { ...known, [text]: known[old] ?? '' };
    if (!stays) Reflect.deleteProperty(kept, old);
    translations[language] = kept;
  }
  return { ...design, translations };
}

/** Languages of the design, its own first. */
export const languagesOf = (design: Design): string[] => [
  design.language,
  ...Object.keys(design.translations).filter((language) => language !== design.language),
];

export function addLanguage(design: Design, language: string): Design {
  return design.translations[language] ? design : { ...design, translations: { ...design.translations, [language]: {} } };
}

export function removeLanguage(design: Design, language: string): Design {
  return { ...design, translations: Object.fromEntries(Object.entries(design.translations).filter(([each]) => each !== language)) };
}

/** What a language is called in the reader's own, with a capital as titles have. */
export function languageName(language: string, reader: string): string {
  const name = new Intl.DisplayNames([reader], { type: 'language' }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(reader) + name.slice(1);
}
