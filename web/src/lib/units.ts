/** What programs count in, in words: “1 point”, “3 tampons”, “4,50 €”. */
import { money } from './format';
import { direction, i18n } from './i18n';

/** How a unit's amounts are written, which are counted in its smallest parts. */
export interface UnitParts {
  readonly currency: string | null;
  readonly decimals: number;
}

export interface UnitWords extends UnitParts {
  readonly code: string;
  readonly kind: string;
  /** Plural forms (CLDR categories) by language. */
  readonly names: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The word that goes with a count, in the reader's language or else in English. */
export function unitName(unit: UnitWords, count: number, language = i18n.language): string {
  const [spoken = language] = [language.slice(0, 2), 'en', ...Object.keys(unit.names)].filter((each) => each in unit.names);
  const forms = unit.names[spoken] ?? {};
  return forms[new Intl.PluralRules(spoken).select(count)] ?? forms.other ?? unit.code;
}

/** An amount without its word; money is written as money. */
export function unitFigure(amount: number, { currency, decimals }: UnitParts): string {
  if (currency !== null) return money(amount, currency);
  return new Intl.NumberFormat(i18n.language, { maximumFractionDigits: decimals }).format(amount / 10 ** decimals);
}

/** An amount with its word; money is written as money. */
export const unitAmount = (amount: number, unit: UnitWords): string =>
  namedAmount(amount, { ...unit, name: unitName(unit, amount / 10 ** unit.decimals) });

/** An amount with the word that the server found for it. */
export const namedAmount = (amount: number, unit: UnitParts & { readonly name: string }): string =>
  unit.currency === null ? `${unitFigure(amount, unit)} ${unit.name}` : unitFigure(amount, unit);

/** A change with its sign; where lines run from the right, a mark keeps it on the left of its number. */
export function withSign(amount: number, written: string): string {
  const sign = amount > 0 ? '+' : amount < 0 ? '−' : '';
  if (sign === '' || direction(i18n.language) === 'ltr') return sign + written;
  return `\u200e${sign}${written.replace(/^[\u200e\u200f\u061c]/, '')}`;
}

/** The unit of a code; of a program with one unit, that one. */
export function unitOf<U extends { readonly code: string }>(units: readonly U[], code: string | null | undefined): U | undefined {
  return code ? units.find((unit) => unit.code === code) : units[0];
}

