import { expect, it } from 'vitest';

import { newTier, newTierSet, tierSetIn } from './tierSet';

it('sends no window and no unit where the basis has none', () => {
  const values = { ...newTierSet('points'), basis: 'time' as const, window: { type: 'rolling' as const, months: 6 } };
  expect(tierSetIn(values, 'prg_1')).toMatchObject({ basis: 'time', unit: null, window: { type: 'ever' }, program_id: 'prg_1' });
});

it.each([
  [{ type: 'duration', months: 6, days: null }, { type: 'duration', months: 6 }],
  [{ type: 'duration', days: 30, months: null }, { type: 'duration', days: 30 }],
  [{ type: 'calendar_date', month: 3, day: 31 }, { type: 'calendar_date', month: 3, day: 31 }],
  [{ type: 'continuous', months: 6 }, { type: 'continuous' }],
  [{ type: 'end_of_period', days: null, months: 2 }, { type: 'end_of_period', months: 2 }],
] as const)('sends of a validity what its type has', (validity, sent) => {
  expect(tierSetIn({ ...newTierSet('points'), validity }, 'prg_1').validity).toEqual(sent);
});

it('begins a tier above the one before', () => {
  const first = newTier([]);
  expect(newTier([first]).threshold).toBeGreaterThan(first.threshold);
});
