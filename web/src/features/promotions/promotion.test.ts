import { expect, it } from 'vitest';

import { newPromotion, promotionChange, promotionIn } from './promotion';

it('sends times of its own with a bonus alone', () => {
  const values = { ...newPromotion('points'), timing: { pending: { type: 'for' as const, days: 3 } } };
  expect(promotionIn(values, 'prg_1').timing).toBeNull();
  expect(promotionIn({ ...values, effect: { type: 'bonus', units: 5 } }, 'prg_1').timing).toEqual({ pending: { type: 'for', days: 3 } });
});

it('keeps programme and unit when it is changed, and sends no list that matches nothing', () => {
  const change = promotionChange({ ...newPromotion('points'), conditions: { locations: [], weekdays: ['tue'] } });
  expect(change).not.toHaveProperty('program_id');
  expect(change).not.toHaveProperty('unit');
  expect(change.conditions).toEqual({ weekdays: ['tue'] });
});
