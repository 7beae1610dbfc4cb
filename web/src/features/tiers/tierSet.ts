/** A tier set while it is edited, and as it is saved. */
import type { Schemas } from '@/lib/api';
import { without } from '@/lib/without';

export type TierSet = Schemas['TierSetOut'];
export type Values = Required<Omit<Schemas['TierSetIn'], 'program_id' | 'tiers'>> & { readonly tiers: readonly Tier[] };
export type Tier = Required<Schemas['TierIn']>;

export const BASES = ['earned', 'spend', 'visits', 'balance', 'time'] as const satisfies readonly TierSet['basis'][];
export const WINDOWS = ['calendar', 'rolling', 'since_enrolment', 'since_change', 'ever'] as const;
export const PERIODS = ['month', 'quarter', 'half_year', 'year'] as const;
export const VALIDITIES = ['end_of_period', 'end_of_next_period', 'duration', 'calendar_date', 'continuous'] as const;
const COLOURS = ['#cd7f32', '#9aa0a6', '#d4af37', '#5b6b7b', '#2f4858'];

export const newTier = (tiers: readonly Tier[]): Tier => ({
  id: null,
  name: '',
  names: {},
  threshold: (tiers.at(-1)?.threshold ?? 0) * 2 || 100,
  colour: COLOURS[tiers.length % COLOURS.length] ?? null,
  permanent: false,
  benefits: [],
  entry_units: null,
  entry_reward_id: null,
  timing: null,
});

/** Tiers by visits in a year, kept to the end of the next one: what most shops begin with. */
export const newTierSet = (unit: string | null): Values => ({
  name: '',
  names: {},
  basis: unit === null ? 'visits' : 'earned',
  unit,
  window: { type: 'calendar' },
  period: 'year',
  upgrade: 'at_once',
  validity: { type: 'end_of_next_period' },
  downgrade: 'full',
  grace_days: 0,
  grace_to_month_end: false,
  refunds: 'end_of_period',
  recalculation: 'at_once',
  tiers: [],
});

export function valuesOf(set: TierSet): Values {
  const { name, names, basis, unit, window, period, upgrade, validity, downgrade, grace_days, grace_to_month_end, refunds, recalculation } = set;
  const tiers = set.tiers.map((tier): Tier => without(tier, 'rank'));
  return { name, names, basis, unit, window, period, upgrade, validity, downgrade, grace_days, grace_to_month_end, refunds, recalculation, tiers };
}

export const hasWindow = (basis: Values['basis']): boolean => basis !== 'balance' && basis !== 'time';
export const hasUnit = (basis: Values['basis']): boolean => basis === 'balance' || basis === 'earned';

/** What is sent: what the basis has not is left out, lengths that the type has not, too. */
export function tierSetIn(values: Values, programId: string): Schemas['TierSetIn'] {
  const { window, validity, ...others } = values;
  return {
    ...others,
    tiers: [...values.tiers],
    program_id: programId,
    unit: hasUnit(values.basis) ? values.unit : null,
    window: hasWindow(values.basis) ? windowOf(window) : { type: 'ever' },
    validity: validityOf(validity),
  };
}

function windowOf(window: Values['window']): Schemas['Window'] {
  if (window.type !== 'rolling') return { type: window.type };
  return window.days ? { type: 'rolling', days: window.days } : { type: 'rolling', months: window.months ?? 12 };
}

function validityOf(validity: Values['validity']): Schemas['Validity'] {
  const { type, days = null, months = null, month = null, day = null } = validity;
  switch (type) {
    case 'continuous':
      return { type };
    case 'calendar_date':
      return { type, month: month ?? 12, day: day ?? 31 };
    case 'duration':
      return days ? { type, days } : { type, months: months ?? 12 };
    default:
      return { type, ...(days ? { days } : months ? { months } : {}) };
  }
}
