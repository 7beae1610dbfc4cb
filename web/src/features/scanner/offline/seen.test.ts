import { expect, it } from 'vitest';

import { endOf, plainCode } from './seen';

it('tells the end of a code from left to right, whatever surrounds it', () => {
  expect(endOf('abcd2345efgh6789')).toBe('\u2066…gh6789\u2069');
});

it('knows a card however it was shown and typed', () => {
  const code = 'k7v4m2q9x1c8r5tz';
  for (const shown of ['K7V4-M2Q9 X1C8-R5TZ', `${code}urwt83dexc8yfk`, `${code}u095954531763893800`, `${code.toUpperCase()}U 0959-5453 1763893800`]) {
    expect(plainCode(shown)).toBe(code);
  }
  expect(plainCode('SUMMER-2026')).toBe('summer2026');
});
