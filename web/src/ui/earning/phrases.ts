/** Small phrases of sentences: lists, lengths of time, names as somebody wrote them. */
import type { Words } from './words';

type Reader = Pick<Words, 'language'>;

export const listed = (items: readonly string[], { language }: Reader, type: 'conjunction' | 'disjunction' = 'conjunction'): string =>
  new Intl.ListFormat(language, { type, style: 'long' }).format(items);

/** Somebody's own words, kept apart from the direction of the sentence around them. */
export const named = (name: string): string => `\u2068${name}\u2069`;

const LENGTHS = [
  ['day', 1440],
  ['hour', 60],
  ['minute', 1],
] as const;

/** Minutes in the largest unit that they fill: “2 hours”, “3 days”. */
export function duration(minutes: number, { language }: Reader): string {
  const [unit, length] = LENGTHS.find(([, each]) => minutes % each === 0) ?? LENGTHS[2];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(minutes / length);
}

/** “14:00” in the reader's digits. */
export const clockTime = (time: string, { language }: Reader): string =>
  new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' }).format(
    new Date(`2024-01-01T${time}:00Z`),
  );

/** The name of a day of the week; 0 is Monday. */
export const weekdayName = (day: number, { language }: Reader, weekday: 'long' | 'short' = 'long'): string =>
  new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + day)));

/** A length in the unit that it was given in: “12 months”. */
export const span = ({ count, unit }: { readonly count: number; readonly unit: string }, { language }: Reader): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit: unit.replace(/s$/, ''), unitDisplay: 'long' }).format(count);

/** The name of a month; 1 is January. */
export const monthName = (month: number, { language }: Reader): string =>
  new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, month - 1, 1)));

/** A day of each year, written MM-DD: “31 December”. */
export function monthDay(date: string, { language }: Reader): string {
  const text = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`2024-${date}T00:00:00Z`));
  return language.startsWith('fr') ? text.replace(/^1 /, '1er ') : text;
}
