/** When units become usable and when they lapse: the kinds of policies, ones to begin with, and their words. */
import type { Timing } from './kinds';
import { duration, listed, monthDay, monthName, named, span } from './phrases';
import type { Words } from './words';

export type Pending = NonNullable<Timing['pending']>;
export type Expiry = NonNullable<Timing['expiry']>;
export type Activity = NonNullable<Extract<Expiry, { type: 'on_inactivity' }>['reset_by']>[number];
export type LengthUnit = 'hours' | 'days' | 'months' | 'years';
export interface Length {
  readonly count: number;
  readonly unit: LengthUnit;
}

export const PENDING_KINDS = ['at_once', 'for', 'until_date', 'until_dates', 'until_event'] as const;
export const EXPIRY_KINDS = ['never', 'after', 'on_dates', 'on_inactivity'] as const;
export const ACTIVITIES: readonly Activity[] = ['earn', 'spend', 'visit'];
export const PERIOD_ENDS = ['month', 'quarter', 'half_year', 'year'] as const;
export type PeriodEnd = (typeof PERIOD_ENDS)[number];
/** At whose end units lapse that would lapse within: nothing, a period, or a month of the year (1 to 12). */
export type Rounding = PeriodEnd | number | null;

export function newPending(kind: (typeof PENDING_KINDS)[number]): Pending | null {
  switch (kind) {
    case 'at_once':
      return null;
    case 'for':
      return { type: 'for', days: 14 };
    case 'until_date':
      return { type: 'until_date', date: `${new Date().getFullYear() + 1}-01-01` };
    case 'until_dates':
      return { type: 'until_dates', dates: ['01-01'] };
    case 'until_event':
      return { type: 'until_event', event: '', within_days: 30, otherwise: 'lapse' };
  }
}

export function newExpiry(kind: (typeof EXPIRY_KINDS)[number]): Expiry | null {
  switch (kind) {
    case 'never':
      return null;
    case 'after':
      return { type: 'after', months: 12 };
    case 'on_dates':
      return { type: 'on_dates', dates: ['12-31'] };
    case 'on_inactivity':
      return { type: 'on_inactivity', months: 12, reset_by: [...ACTIVITIES] };
  }
}

/** The one length that a policy has. */
export function lengthOf(policy: Partial<Record<LengthUnit, number | null>>): Length {
  const unit = (['hours', 'days', 'months', 'years'] as const).find((each) => typeof policy[each] === 'number') ?? 'days';
  return { count: policy[unit] ?? 0, unit };
}

export const roundingOf = (expiry: Extract<Expiry, { type: 'after' }>): Rounding => expiry.round_up_to ?? expiry.round_up_to_month ?? null;

/** Usable to the end of a day so much later, or of what that day lies in. */
export function expiryAfter({ count, unit }: Length, rounding: Rounding): Expiry {
  const rounded = rounding === null ? {} : typeof rounding === 'number' ? { round_up_to_month: rounding } : { round_up_to: rounding };
  return { type: 'after', [unit]: count, ...rounded };
}

/** What differs from “usable at once, never lapsing”. */
export function timingParts({ pending, expiry }: Timing, words: Pick<Words, 't' | 'language'>): string[] {
  return [...(pending ? [pendingPart(pending, words)] : []), ...(expiry ? [expiryPart(expiry, words)] : [])];
}

/** The whole of it, the usual told as well. */
export function timingWords({ pending, expiry }: Timing, words: Pick<Words, 't' | 'language'>): string[] {
  return [
    pending ? pendingPart(pending, words) : words.t('part.atOnce'),
    expiry ? expiryPart(expiry, words) : words.t('part.never'),
  ];
}

function pendingPart(pending: Pending, words: Pick<Words, 't' | 'language'>): string {
  const { t } = words;
  switch (pending.type) {
    case 'for':
      return t('part.pending', { time: span(lengthOf(pending), words) });
    case 'until_date':
      return t('part.pendingDate', { date: fullDay(pending.date, words) });
    case 'until_dates':
      return t('part.pendingDates', { dates: days(pending.dates, words) });
    case 'until_event': {
      const time = duration(pending.within_days * 1440, words);
      return t(`part.pendingEvent.${pending.otherwise}`, { event: named(pending.event || '…'), time });
    }
  }
}

function expiryPart(expiry: Expiry, words: Pick<Words, 't' | 'language'>): string {
  const { t } = words;
  switch (expiry.type) {
    case 'on_dates':
      return t('part.expiresDates', { dates: days(expiry.dates, words) });
    case 'on_inactivity': {
      const activities = (expiry.reset_by ?? ACTIVITIES).map((activity) => t(`activity.${activity}`));
      return t('part.expiresIdle', { time: span(lengthOf(expiry), words), activities: listed(activities, words, 'disjunction') });
    }
    case 'after': {
      const length = lengthOf(expiry);
      const rounding = roundingOf(expiry);
      const time = span(length, words);
      if (rounding === null) return t('part.expires', { time });
      const end = typeof rounding === 'number' ? t('end.named', { month: monthName(rounding, words) }) : t(`end.${rounding}`);
      return length.count === 0 ? t('part.expiresEnd', { end }) : t('part.expiresRounded', { time, end });
    }
  }
}

const days = (dates: readonly string[], words: Pick<Words, 'language'>): string =>
  listed([...dates].sort().map((date) => monthDay(date, words)), words, 'disjunction');

const fullDay = (date: string, { language }: Pick<Words, 'language'>): string =>
  date === '' ? '…' : new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
