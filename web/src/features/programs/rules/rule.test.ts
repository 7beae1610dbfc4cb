import { expect, it } from 'vitest';

import type { Rule } from '@/ui/earning/kinds';

import { cleaned, moved, newRule, opened, retyped, typesFor, withRule } from './rule';

const KEPT: Rule = { id: 'rul_1', type: 'per_visit', unit: 'points', units: 2, cap_per_day: 5, cap_per_purchase: 3, caps: [{ per: 'week', units: 9 }], once_per_minutes: 30 };

it('shows all limits of a saved rule in one list, and sends them once', () => {
  const form = opened(KEPT);
  expect(form.caps).toEqual([{ per: 'purchase', units: 3 }, { per: 'day', units: 5 }, { per: 'week', units: 9 }]);
  expect(cleaned(form)).toMatchObject({ id: 'rul_1', cap_per_day: null, cap_per_purchase: null, once_per_minutes: 30 });
});

it('sends no list that would match nothing', () => {
  const rule = newRule('per_amount', 'points', 100, { conditions: { weekdays: [], locations: ['loc_1'], channels: [] } });
  expect(cleaned(rule).conditions).toEqual({ locations: ['loc_1'], first_purchase: false });
});

it('leaves out of an event what an event has not, and of a purchase what only events have', () => {
  const conditions = { channels: ['till' as const], first_purchase: true, attributes: [{ name: 'stars', at_least: 4 }], weekdays: ['mon' as const] };
  const event = newRule('per_event', 'points', 100, { conditions, minimum_amount_minor: 500, base: { taxes: false } });
  expect(cleaned(event)).toMatchObject({ conditions: { weekdays: ['mon'], attributes: [{ name: 'stars', at_least: 4 }] }, minimum_amount_minor: 0, base: null });
  expect(cleaned(event).conditions).not.toHaveProperty('channels');
  expect(cleaned({ ...newRule('per_visit', 'points', 100), conditions }).conditions).not.toHaveProperty('attributes');
});

it('keeps conditions that the form does not show', () => {
  expect(cleaned(newRule('per_visit', 'points', 100, { conditions: { segments: ['vip'] } })).conditions).toEqual({ segments: ['vip'], first_purchase: false });
});

it('keeps conditions and limits when a rule becomes another kind', () => {
  const rule = retyped({ ...opened(KEPT), conditions: { weekdays: ['sat'] }, timing: { pending: { type: 'for', days: 3 } } }, 'per_amount', 100);
  expect(rule).toMatchObject({ id: 'rul_1', type: 'per_amount', amount_minor_per_step: 100, units_per_step: 1, conditions: { weekdays: ['sat'] }, timing: { pending: { type: 'for', days: 3 } } });
  expect(rule).not.toHaveProperty('once_per_minutes');
});

it('puts a rule into its place, or at the end, and moves it', () => {
  const list: Rule[] = [{ ...newRule('per_visit', 'points', 100), id: 'a' }, { ...newRule('per_amount', 'points', 100), id: 'b' }];
  expect(withRule(list, { ...newRule('per_item', 'points', 100), id: 'a' }).map(({ id, type }) => [id, type])).toEqual([['a', 'per_item'], ['b', 'per_amount']]);
  expect(withRule(list, newRule('per_item', 'points', 100))).toHaveLength(3);
  expect(moved(list, 'b', -1).map(({ id }) => id)).toEqual(['b', 'a']);
  expect(moved(list, 'a', -1).map(({ id }) => id)).toEqual(['a', 'b']);
});

it('gives a share of the amount as money alone', () => {
  expect(typesFor(undefined)).not.toContain('per_percent');
});
