import { expect, it } from 'vitest';

import { NEXT_STEPS, type Program, newReward, rewardChange, rewardIn } from './reward';

const PROGRAM = { id: 'prg_1', goal: 10, units: [{ code: 'status', spendable: false }, { code: 'stamps', spendable: true }] } as unknown as Program;

it('begins at the goal, in a unit that can be spent', () => {
  expect(newReward(PROGRAM)).toMatchObject({ price: 10, unit: 'stamps' });
});

it('sends a reward that is only given without anything of a price', () => {
  const values = { ...newReward(PROGRAM), price: null, auto_issue: true, tier_prices: { tir_1: 5 } };
  expect(rewardIn(values, 'prg_1')).toMatchObject({ price: null, unit: null, auto_issue: false, tier_prices: {} });
});

it('sends the stock only when somebody set it, for tills take from it meanwhile', () => {
  const opened = { ...newReward(PROGRAM), stock: 4 };
  expect(rewardChange({ ...opened, name: 'Mug' }, opened)).not.toHaveProperty('stock');
  expect(rewardChange({ ...opened, stock: 10 }, opened)).toMatchObject({ stock: 10 });
});

it('ends where a thing is returned or cancelled', () => {
  expect([NEXT_STEPS.returned, NEXT_STEPS.cancelled]).toEqual([[], []]);
  expect(NEXT_STEPS.ordered[0]).toBe('prepared');
});
