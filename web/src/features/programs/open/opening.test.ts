import { expect, it } from 'vitest';

import { KINDS, openingOf, programIn } from './opening';

const named = { name: 'Club', rewardName: 'Free coffee' };

it.each([
  ['stamps', {}, { goal: 10, reward_name: 'Free coffee', rules: [{ type: 'per_visit', unit: 'stamps', units: 1, once_per_day: false }] }],
  ['stamps', { stampFor: 'item' as const, goal: 8 }, { goal: 8, rules: [{ type: 'per_item', unit: 'stamps', units_per_item: 1 }] }],
  ['stamps', { stampFor: 'amount' as const, amountPerStep: 500 }, { rules: [{ type: 'per_amount', unit: 'stamps', amount_minor_per_step: 500, units_per_step: 1 }] }],
  ['points', { unitsPerStep: 2, goal: 100 }, { goal: 100, reward_name: 'Free coffee', rules: [{ type: 'per_amount', unit: 'points', amount_minor_per_step: 100, units_per_step: 2 }] }],
  ['cashback', { basisPoints: 250 }, { rules: [{ type: 'per_percent', unit: 'money', basis_points: 250, base: { taxes: false } }] }],
] as const)('%s: what is sent is what was said', (kind, said, sent) => {
  expect(programIn({ ...openingOf(kind, 'EUR'), ...named, ...said })).toMatchObject({ kind, name: 'Club', state: 'active', ...sent });
});

it('sends no reward without its price, and no goal where nothing is counted up to one', () => {
  expect(programIn({ ...openingOf('points', 'EUR'), ...named })).not.toHaveProperty('reward_name');
  expect(programIn({ ...openingOf('cashback', 'EUR'), ...named, goal: 5 })).not.toHaveProperty('goal');
  expect(programIn({ ...openingOf('membership', 'EUR'), ...named })).toEqual({ kind: 'membership', name: 'Club', names: {}, state: 'active' });
});

it('counts in whole units of the currency', () => {
  expect(openingOf('points', 'TND').amountPerStep).toBe(1000);
  expect(openingOf('points', 'JPY').amountPerStep).toBe(1);
});

it('keeps any kind as a draft when asked', () => {
  for (const kind of KINDS) expect(programIn({ ...openingOf(kind, 'EUR'), ...named, draft: true }).state).toBe('draft');
});
