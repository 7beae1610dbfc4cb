/** What programs count in, in words: “1 point”, “3 tampons”, “4,50 €”. */
import { money } from './format';
import { i18n } from './i18n';

export interface UnitWords {
  readonly code: string;
  readonly kind: string;
  readonly currency: string | null;
  readonly decimals: number;
  /** Plural forms (CLDR categories) by language. */
  readonly names: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The word that goes with a count, in the reader's language or else in English. */
export function unitName(unit: UnitWords, count: number, language = i18n.language): string {
  const [spoken = language] = [language.slice(0, 2), 'en', ...Object.keys(unit.names)].filter((each) => each in unit.names);
  const forms = unit.names[spoken] ?? {};
  return forms[new Intl.PluralRules(spoken).select(count)] ?? forms.other ?? unit.code;
}

/** An amount with its word; money is written as money. */
export function unitAmount(amount: number, unit: UnitWords): string {
  if (unit.kind === 'money' && unit.currency !== null) return money(amount, unit.currency);
  const figure = amount / 10 ** unit.decimals;
  const written = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: unit.decimals }).format(figure);
  return `${written} ${unitName(unit, figure)}`;
}

/** An amount with its sign, as a change: “+3 points”. */
export const signedAmount = (amount: number, unit: UnitWords): string =>
  `${amount > 0 ? '+' : amount < 0 ? '−' : ''}${unitAmount(Math.abs(amount), unit)}`;

/** The unit of a code; of a program with one unit, that one. */
export function unitOf<U extends { readonly code: string }>(units: readonly U[], code: string | null | undefined): U | undefined {
  return code ? units.find((unit) => unit.code === code) : units[0];
}

