import { expect, it } from 'vitest';

import { lasted } from './requests';

it.each([
  [0, '0 min'],
  [59, '59 min'],
  [60, '1 hr'],
  [65, '1 hr 5 min'],
  [1500, '25 hr'],
])('says how long %i minutes are', (minutes, text) => {
  expect(lasted(minutes, 'en')).toBe(text);
});
