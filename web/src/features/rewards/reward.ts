/** A reward while it is edited, and as it is saved. */
import type { Schemas } from '@/lib/api';
import { without } from '@/lib/without';

export type Reward = Schemas['RewardOut'];
export type Issued = Schemas['IssuedRewardOut'];
export type Program = Schemas['ProgramOut'];
export type Benefit = Reward['benefit'];
export type Values = Omit<Reward, 'id' | 'program_id' | 'created_at' | 'warnings'>;

export const BENEFITS = ['free_item', 'amount_off', 'percent_off', 'physical', 'other'] as const satisfies readonly Benefit['type'][];
export const PERIODS = ['day', 'week', 'month', 'year'] as const;

export const newReward = (program: Program): Values => ({
  unit: program.units.find(({ spendable }) => spendable)?.code ?? null,
  name: '',
  names: {},
  description: '',
  descriptions: {},
  image_url: null,
  benefit: { type: 'free_item' },
  price: program.goal ?? (program.units.length > 0 ? 100 : null),
  active: true,
  stock: null,
  limit_per_customer: null,
  period_limits: {},
  tier_ids: [],
  tier_prices: {},
  first_day: null,
  last_day: null,
  expires_after_days: null,
  hold_minutes: 15,
  auto_issue: false,
});

export const valuesOf = (reward: Reward): Values => without(reward, 'id', 'program_id', 'created_at', 'warnings');

export function newBenefit(type: Benefit['type']): Benefit {
  switch (type) {
    case 'amount_off':
      return { type, amount_minor: 500 };
    case 'percent_off':
      return { type, percent: 10 };
    case 'other':
      return { type, text: '' };
    default:
      return { type };
  }
}

/** A reward that is only given has no price, and nothing that goes with one. */
function priced(values: Values): Values {
  return values.price === null ? { ...values, unit: null, tier_prices: {}, auto_issue: false } : values;
}

export const rewardIn = (values: Values, programId: string): Schemas['RewardIn'] => ({ ...priced(values), program_id: programId });

/** A change keeps the unit. The stock is sent only when somebody set it: tills take from it meanwhile. */
export function rewardChange(values: Values, opened: Values): Schemas['RewardChange'] {
  const change = without(priced(values), 'unit', 'stock');
  return { ...change, ...(values.stock === opened.stock ? {} : { stock: values.stock }) };
}

/** Where a thing may go from where it is; the same table as the server's. */
export const NEXT_STEPS: Readonly<Record<NonNullable<Issued['fulfilment']>, readonly NonNullable<Issued['fulfilment']>[]>> = {
  ordered: ['prepared', 'cancelled'],
  prepared: ['ready', 'shipped', 'handed_over', 'cancelled'],
  shipped: ['handed_over', 'returned'],
  ready: ['handed_over', 'cancelled'],
  handed_over: ['returned'],
  returned: [],
  cancelled: [],
};
