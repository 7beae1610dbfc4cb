import { expect, it } from 'vitest';

import { endOf } from './seen';

it('tells the end of a code from left to right, whatever surrounds it', () => {
  expect(endOf('abcd2345efgh6789')).toBe('\u2066…gh6789\u2069');
});
