/** A rule while it is edited, and as it is saved. */
import type { Cap, Rule, RuleType, Unit } from '@/ui/earning/kinds';
import { capsOf } from '@/ui/earning/sentence';

export const TYPES: readonly RuleType[] = ['per_amount', 'per_visit', 'per_item', 'per_percent', 'per_event'];

/** What a unit can be earned for: a share of the amount is money. */
export const typesFor = (unit: Unit | undefined): readonly RuleType[] => TYPES.filter((type) => type !== 'per_percent' || unit?.kind === 'money');

/** What every rule has, kept when its type changes. */
type Shared = Omit<Extract<Rule, { type: 'per_event' }>, 'type' | 'event' | 'units'>;

export function newRule(type: RuleType, unit: string, majorUnit: number, shared: Partial<Shared> = {}): Rule {
  const common = { ...shared, unit };
  switch (type) {
    case 'per_amount':
      return { ...common, type, amount_minor_per_step: majorUnit, units_per_step: 1 };
    case 'per_percent':
      return { ...common, type, basis_points: 500 };
    case 'per_visit':
      return { ...common, type, units: 1 };
    case 'per_item':
      return { ...common, type, units_per_item: 1, skus: [], categories: [] };
    case 'per_event':
      return { ...common, type, event: '', units: 1 };
  }
}

/** The same conditions and limits for another occasion. */
export function retyped(rule: Rule, type: RuleType, majorUnit: number): Rule {
  const { id, active, minimum_amount_minor, caps, times, cooldown_minutes, conditions, base, timing } = rule;
  const shared = { id, active, minimum_amount_minor, caps, times, cooldown_minutes, conditions, base, timing };
  const told = Object.fromEntries(Object.entries(shared).filter(([, value]) => value !== undefined)) as Partial<Shared>;
  return newRule(type, rule.unit ?? '', majorUnit, told);
}

/** A saved rule as the form shows it: all its limits in one list. */
export function opened(rule: Rule): Rule {
  const caps: Cap[] = capsOf(rule);
  return { ...rule, caps, cap_per_purchase: null, cap_per_day: null };
}

/** What is sent: nothing that the occasion has not, no list that matches nothing. */
export function cleaned(rule: Rule): Rule {
  const { attributes, channels, first_purchase = false, ...conditions } = rule.conditions ?? {};
  const kept = Object.fromEntries(Object.entries(conditions).filter(([, value]) => !(Array.isArray(value) && value.length === 0)));
  if (rule.type === 'per_event') {
    return { ...rule, conditions: { ...kept, ...(attributes?.length ? { attributes } : {}) }, minimum_amount_minor: 0, base: null };
  }
  return { ...rule, conditions: { ...kept, first_purchase, ...(channels?.length ? { channels } : {}) } };
}

/** The list with a rule put in its place, or at the end. */
export function withRule(rules: readonly Rule[], rule: Rule): Rule[] {
  const place = rule.id ? rules.findIndex(({ id }) => id === rule.id) : -1;
  return place < 0 ? [...rules, rule] : rules.map((known, at) => (at === place ? rule : known));
}

/** The list with a rule moved up (-1) or down (1); of several that match, the first may be the one that counts. */
export function moved(rules: readonly Rule[], id: string, step: -1 | 1): Rule[] {
  const from = rules.findIndex((rule) => rule.id === id);
  const to = from + step;
  const one = rules[from];
  const other = rules[to];
  if (!one || !other) return [...rules];
  return rules.map((rule, at) => (at === from ? other : at === to ? one : rule));
}
