import { expect, test } from 'vitest';

import french from '../locales/fr.json';
import { wordsOf } from './paying';

test('who pays reads money as money, points as points, and everything else by its name', () => {
  const rest = { unit_id: 'unt_1', decimals: 0, active: 40, pending: 0, pooled: null };
  const points = { ...rest, unit: 'points', kind: 'points' as const, currency: null, name: 'points' };
  const stars = { ...points, unit: 'stars', name: 'étoiles' };
  const credit = { ...points, unit: 'money', kind: 'money' as const, currency: 'EUR', name: 'avoir' };
  expect([points, stars, credit].map(wordsOf)).toEqual([
    { context: '', name: 'points' },
    { context: 'units', name: 'étoiles' },
    { context: 'money', name: 'avoir' },
  ]);
  expect(french.points.pay_units).toContain('{{name}}');
});
