/** Which days the page is about, kept in its address so that it can be sent to somebody. */
import { addDays, daysBetween, isDay, today } from '@/lib/days';

export const CHOICES = ['7', '30', '90', 'month', 'custom'] as const;
export type Choice = (typeof CHOICES)[number];
export const MAX_DAYS = 366;

/** Half-open, as the API has it: `to` is the day after the last. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export interface Filters {
  readonly choice: Choice;
  readonly period: Period;
  readonly location: string | null;
  readonly program: string | null;
}

/** Whether a report can be made of it. */
export const isPeriod = ({ from, to }: Period): boolean =>
  isDay(from) && isDay(to) && daysBetween(from, to) >= 1 && daysBetween(from, to) <= MAX_DAYS;

export function periodOf(choice: Choice, timeZone: string, now?: Date): Period {
  const end = addDays(today(timeZone, now), 1);
  if (choice === 'month') return { from: `${addDays(end, -1).slice(0, 8)}01`, to: end };
  return { from: addDays(end, -(choice === 'custom' ? 30 : Number(choice))), to: end };
}

/** What an address asks for; whatever cannot be read in it is left out. */
export function filtersOf(address: URLSearchParams, timeZone: string, now?: Date): Filters {
  const choice = CHOICES.find((known) => known === address.get('period')) ?? '30';
  const told = { from: address.get('from') ?? '', to: address.get('to') ?? '' };
  const period = choice === 'custom' && isPeriod(told) ? told : periodOf(choice, timeZone, now);
  return { choice, period, location: address.get('location'), program: address.get('program') };
}

export function addressOf({ choice, period, location, program }: Filters): URLSearchParams {
  const address = new URLSearchParams();
  if (choice !== '30') address.set('period', choice);
  if (choice === 'custom') {
    address.set('from', period.from);
    address.set('to', period.to);
  }
  if (location) address.set('location', location);
  if (program) address.set('program', program);
  return address;
}

/** The same for the API. */
export const questionOf = ({ period, location, program }: Filters) => ({
  ...period,
  ...(location ? { location_id: location } : {}),
  ...(program ? { program_id: program } : {}),
});
