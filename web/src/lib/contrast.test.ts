import { expect, test } from 'vitest';

import { contrast } from './contrast';

test.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#777777', '#ffffff', 4.48],
  ['#767676', '#ffffff', 4.54],
  ['#FFFFFF', '#0000ff', 8.59],
])('the contrast of %s and %s', (one, other, ratio) => {
  expect(contrast(one, other)).toBeCloseTo(ratio, 2);
});

test.each(['', '#fff', 'red', '#12345'])('%s is no colour yet', (text) => {
  expect(contrast(text, '#ffffff')).toBeNull();
});
