/** Numbers, money and instants as the reader writes them. Money is whole minor units and an ISO 4217 code. */
import { i18n } from './i18n';

/** How many digits the minor unit of a currency has: 2 for EUR, 0 for JPY, 3 for TND. */
export const fractionDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

export const money = (amountMinor: number, currency: string): string =>
  new Intl.NumberFormat(i18n.language, { style: 'currency', currency }).format(amountMinor / 10 ** fractionDigits(currency));

/** Minor units of an amount as somebody typed it, `null` when it is none: “4,50” and “4.50” are 450 in EUR. */
export function toMinor(typed: string, currency: string): number | null {
  const plain = typed.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.').replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
  const places = fractionDigits(currency);
  const match = /^(\d{1,12})(?:[.٫](\d*))?$/.exec(plain);
  if (!match || (match[2]?.length ?? 0) > places) return null;
  return Number(match[1]) * 10 ** places + Number((match[2] ?? '').padEnd(places, '0') || '0');
}

export const whole = (value: number): string => new Intl.NumberFormat(i18n.language).format(value);

export const percent = (part: number): string =>
  new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 }).format(part);

export const instant = (iso: string, timeZone?: string): string =>
  new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short', ...(timeZone ? { timeZone } : {}) }).format(
    new Date(iso),
  );

export const day = (iso: string, timeZone?: string): string =>
  new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', ...(timeZone ? { timeZone } : {}) }).format(new Date(iso));
