import { expect, test } from 'vitest';

import { termIn, valuesOf } from './term';

test('without a term nothing is sent', () => {
  expect(termIn(valuesOf(null))).toBeNull();
});

test.each([{ years: 2 }, { months: 6 }, { days: 30 }, { ends_on: '08-31' }])('a term comes back as it was: %o', (length) => {
  const term = { ...length, price_minor: 2_500, joining: 'unpaid' as const, renew_early_days: 10, grace_days: 7, remind_days: 3 };
  expect(termIn(valuesOf(term))).toEqual(term);
});
