/** Numbers, money and instants as the reader writes them. Money is whole minor units and an ISO 4217 code. */
import { i18n } from './i18n';

/** How many digits of a currency are below its major unit: 2 of EUR, 0 of JPY, 3 of TND. */
export const currencyDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

export const money = (amountMinor: number, currency: string): string =>
  new Intl.NumberFormat(i18n.language, { style: 'currency', currency }).format(amountMinor / 10 ** currencyDigits(currency));

/** Minor units of an amount as somebody typed it, `null` when it is none: “4,50” and “4.50” are 450 in EUR. */
export const toMinor = (typed: string, currency: string): number | null => toSmallest(typed, currencyDigits(currency));

/** A typed number in its smallest unit, with so many places: “12,5” with two is 1250. `null` when it is none. */
export function toSmallest(typed: string, places: number): number | null {
  const plain = typed
    .replace(/[\s\u00a0\u202f\u066c]/g, '')
    .replace(',', '.')
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
  const match = /^(\d{1,12})(?:[.٫](\d*))?$/.exec(plain);
  if (!match || (match[2]?.length ?? 0) > places) return null;
  return Number(match[1]) * 10 ** places + Number((match[2] ?? '').padEnd(places, '0') || '0');
}

/** The opposite of `toSmallest`, as the reader would type it; with `exact`, zeros at the end stay. */
export const fromSmallest = (value: number, places: number, exact = false): string =>
  new Intl.NumberFormat(i18n.language, {
    useGrouping: false,
    minimumFractionDigits: exact ? places : 0,
    maximumFractionDigits: places,
  }).format(value / 10 ** places);

/** A number with as many places as it has, three at most. */
export const decimal = (value: number): string => new Intl.NumberFormat(i18n.language).format(value);

/** Several things one after the other, with the comma of the reader's language. */
export const listed = (items: readonly string[]): string => items.join(i18n.language === 'ar' ? '، ' : ', ');

export const whole = (value: number): string => new Intl.NumberFormat(i18n.language).format(value);

export const percent = (part: number): string =>
  new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 }).format(part);

export const instant = (iso: string, timeZone?: string): string =>
  new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short', ...(timeZone ? { timeZone } : {}) }).format(
    new Date(iso),
  );

export const day = (iso: string, timeZone?: string): string =>
  new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', ...(timeZone ? { timeZone } : {}) }).format(new Date(iso));

/** The last day of what is good until an instant: the day before, where that is midnight. */
export const lastDay = (end: string, timeZone?: string): string => day(new Date(Date.parse(end) - 1).toISOString(), timeZone);
