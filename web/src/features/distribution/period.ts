/** The days that figures are counted over: so many up to today, or any days of one's own. */
import { addDays, daysBetween, isDay, today } from '@/lib/days';

import type { Period } from './requests';

export const CHOICES = ['7', '30', '90', '365'] as const;
export type Choice = (typeof CHOICES)[number] | 'own';
const USUAL = '30';
/** The longest period that the server counts. */
export const MOST_DAYS = 800;

/** So many days up to today; half-open, as the API has it. */
export function periodOf(choice: (typeof CHOICES)[number], timeZone: string, now?: Date): Period {
  const to = addDays(today(timeZone, now), 1);
  return { from: addDays(to, -Number(choice)), to };
}

export interface Chosen {
  readonly choice: Choice;
  readonly period: Period;
}

/** What the address says: `days`, or `from` and `to`, the day after the last. What cannot be is the usual period. */
export function chosenOf(search: URLSearchParams, timeZone: string, now?: Date): Chosen {
  const [from, to] = [search.get('from') ?? '', search.get('to') ?? ''];
  if (isDay(from) && isDay(to) && from < to && daysBetween(from, to) <= MOST_DAYS) return { choice: 'own', period: { from, to } };
  const choice = CHOICES.find((each) => each === search.get('days')) ?? USUAL;
  return { choice, period: periodOf(choice, timeZone, now) };
}
