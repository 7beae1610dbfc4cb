/** What rules and promotions are on the wire, and empty ones to begin with. */
import type { Schemas } from '@/lib/api';

export type Rule = Schemas['ProgramOut']['rules'][number];
export type RuleType = Rule['type'];
export type RuleOf<T extends RuleType> = Extract<Rule, { type: T }>;
export type Conditions = NonNullable<Rule['conditions']>;
export type Weekday = NonNullable<Conditions['weekdays']>[number];
export type Channel = NonNullable<Conditions['channels']>[number];
export type Base = Schemas['AccrualBase'];
export type Timing = Schemas['Timing'];
export type Cap = Schemas['RuleCap'];
export type Times = Schemas['TimesLimit'];
export type Unit = Schemas['UnitOut'];

export const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
export const CHANNELS: readonly Channel[] = ['till', 'online', 'api'];
export const PERIODS = ['day', 'week', 'month', 'year', 'ever'] as const;
export type Period = (typeof PERIODS)[number];

/** What counts when nobody said anything: the server's own defaults. */
export const USUAL_BASE: Required<Base> = {
  taxes: true,
  discounted_part: false,
  shipping: false,
  tips: false,
  fees: false,
  gift_cards: false,
  rewards: false,
  paid_with_points: false,
  paid_with_gift_card: true,
  excluded_skus: [],
  excluded_categories: [],
};
/** The parts of a purchase that may count or not. */
export const BASE_PARTS = [
  'taxes',
  'discounted_part',
  'shipping',
  'tips',
  'fees',
  'gift_cards',
  'rewards',
  'paid_with_points',
  'paid_with_gift_card',
] as const satisfies readonly (keyof Base)[];
