/** The term of a program as its form holds it. */
import type { Schemas } from '@/lib/api';

type Term = Schemas['TermSettings'];

export const KINDS = ['years', 'months', 'days', 'ends_on'] as const;

export interface TermValues {
  readonly isOn: boolean;
  readonly kind: (typeof KINDS)[number];
  readonly count: number;
  /** A day of some year: only month and day are told. */
  readonly endsOn: string;
  readonly priceMinor: number;
  readonly joining: 'open' | 'unpaid';
  readonly earlyDays: number;
  readonly graceDays: number;
  readonly remindDays: number;
}

/** A leap year, so that each day of a year can be chosen. */
const SOME_YEAR = '2028-';

export function valuesOf(term: Term | null | undefined): TermValues {
  return {
    isOn: Boolean(term),
    kind: term?.ends_on ? 'ends_on' : term?.days ? 'days' : term?.months ? 'months' : 'years',
    count: term?.years ?? term?.months ?? term?.days ?? 1,
    endsOn: term?.ends_on ? SOME_YEAR + term.ends_on : '',
    priceMinor: term?.price_minor ?? 0,
    joining: term?.joining ?? 'open',
    earlyDays: term?.renew_early_days ?? 30,
    graceDays: term?.grace_days ?? 0,
    remindDays: term?.remind_days ?? 14,
  };
}

export function termIn(value: TermValues): Term | null {
  if (!value.isOn) return null;
  return {
    ...(value.kind === 'ends_on' ? { ends_on: value.endsOn.slice(5) } : { [value.kind]: value.count }),
    price_minor: value.priceMinor,
    joining: value.joining,
    renew_early_days: value.earlyDays,
    grace_days: value.graceDays,
    remind_days: value.remindDays,
  };
}
