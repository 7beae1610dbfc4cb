import { expect, test } from 'vitest';

import { i18n } from '@/lib/i18n';

import { partOf } from './Balances';

test('what is missing is written in its unit, and as a number where the card has none of it', async () => {
  await i18n.changeLanguage('en');
  const rest = { active: 0, pending: 0, pooled: null };
  const money = { ...rest, unit_id: 'unt_1', kind: 'money' as const, currency: 'EUR', decimals: 2, name: 'credit' };
  const stars = { ...rest, unit_id: 'unt_2', kind: 'points' as const, currency: null, decimals: 1, name: 'stars' };
  expect(partOf([money, stars], 'unt_1', 815)).toBe('€8.15');
  expect(partOf([money, stars], 'unt_2', 25)).toBe('2.5');
  expect(partOf([money, stars], null, 1200)).toBe('1,200');
});
