/** A coupon campaign while it is edited, and as it is saved. */
import type { Schemas } from '@/lib/api';
import { without } from '@/lib/without';

export type Campaign = Schemas['CampaignOut'];
export type Terms = Required<Omit<Campaign['terms'], 'conditions'>> & { readonly conditions: Required<NonNullable<Campaign['terms']['conditions']>> };
export type Effect = Campaign['terms']['effect'];
export type AfterPurchase = NonNullable<Campaign['after_purchase']>;
export type Items = Schemas['Items'];
export type Limit = Schemas['Limit'];
export type Pattern = Required<Schemas['CodePattern']>;

export interface Values {
  readonly name: string;
  readonly names: Record<string, string>;
  readonly program_id: string | null;
  readonly starts_at: string | null;
  readonly ends_at: string | null;
  readonly terms: Terms;
  readonly pattern: Pattern;
  readonly after_purchase: AfterPurchase | null;
}

export const EFFECTS = ['percent_off', 'amount_off', 'free_item', 'buy_get', 'grant_units'] as const satisfies readonly Effect['type'][];
export const CHANNELS = ['till', 'online', 'api'] as const;
export const PERIODS = ['ever', 'day', 'week', 'month'] as const;

const CONDITIONS: Terms['conditions'] = { minimum_basket_minor: 0, skus: [], categories: [], location_ids: [], channels: [], hours: [] };
const TERMS: Omit<Terms, 'effect' | 'conditions'> = {
  limits: [],
  uses_per_code: 1,
  holder_only: false,
  stacking: 'exclusive',
  starts_days_after_issue: 0,
  ends_days_after_issue: null,
  hold_minutes: 15,
};
const PATTERN: Pattern = { prefix: '', length: 12, group: 4, check_letter: false };

export const newCampaign = (): Values => ({
  name: '',
  names: {},
  program_id: null,
  starts_at: null,
  ends_at: null,
  terms: { ...TERMS, effect: newEffect('percent_off'), conditions: CONDITIONS },
  pattern: PATTERN,
  after_purchase: null,
});

export function newEffect(type: Effect['type']): Effect {
  switch (type) {
    case 'amount_off':
      return { type, amount_minor: 500 };
    case 'percent_off':
      return { type, basis_points: 1000 };
    case 'free_item':
      return { type, skus: [], categories: [], quantity: 1 };
    case 'buy_get':
      return { type, buy: { skus: [], categories: [], quantity: 2 }, get: { skus: [], categories: [], quantity: 1 }, basis_points: 10_000, times: 1 };
    case 'grant_units':
      return { type, amount: 10 };
  }
}

/** What the server leaves out is what it takes for it. */
export const valuesOf = ({ name, names, program_id, starts_at, ends_at, terms, pattern, after_purchase }: Campaign): Values => ({
  name,
  names,
  program_id,
  starts_at,
  ends_at,
  terms: { ...TERMS, ...terms, conditions: { ...CONDITIONS, ...terms.conditions } },
  pattern: { ...PATTERN, ...pattern },
  after_purchase,
});

export const campaignIn = (values: Values, draft: boolean): Schemas['CampaignIn'] => ({ ...values, state: draft ? 'draft' : 'active' });

/** Given after purchases, a code is personal, one at a time, and not for ever. */
export const givenAfter = (value: Values): Partial<Values> => ({
  after_purchase: { at_once: 1 },
  terms: { ...value.terms, holder_only: true, ends_days_after_issue: value.terms.ends_days_after_issue ?? 30 },
});

/** A campaign keeps its programme. */
export const campaignChange = (values: Values): Schemas['CampaignChange'] => without(values, 'program_id');
