/** A promotion while it is edited, and as it is saved. */
import type { Schemas } from '@/lib/api';
import { without } from '@/lib/without';

export type Promotion = Schemas['PromotionOut'];
export type Values = Required<Omit<Schemas['PromotionIn'], 'program_id' | 'state'>>;

export const newPromotion = (unit: string): Values => ({
  unit,
  name: '',
  names: {},
  effect: { type: 'multiplier', percent: 200 },
  conditions: {},
  minimum_amount_minor: 0,
  starts_at: null,
  ends_at: null,
  priority: 0,
  stacking: 'stackable',
  budget_uses: null,
  budget_units: null,
  limit_per_customer: null,
  timing: null,
});

export const valuesOf = (promotion: Promotion): Values => without(promotion, 'id', 'program_id', 'state', 'uses', 'units', 'created_at');

/** What is sent: a bonus may have times of its own, a multiplier has those of the rules that it multiplies. */
export function promotionIn(values: Values, programId: string): Schemas['PromotionIn'] {
  const conditions = Object.fromEntries(Object.entries(values.conditions).filter(([, value]) => !(Array.isArray(value) && value.length === 0)));
  return { ...values, conditions, timing: values.effect.type === 'bonus' ? values.timing : null, program_id: programId };
}

/** A change keeps the unit: what was given is counted in it. */
export const promotionChange = (values: Values): Schemas['PromotionChange'] => without(promotionIn(values, ''), 'program_id', 'unit', 'state');
