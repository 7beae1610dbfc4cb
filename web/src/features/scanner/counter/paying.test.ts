import { expect, test } from 'vitest';

import { wordsOf } from './paying';

test('what pays is money, or so many of what the program calls it', () => {
  expect(wordsOf({ currency: null, name: 'étoiles' })).toEqual({ context: '', name: 'étoiles' });
  expect(wordsOf({ currency: 'EUR', name: 'avoir' })).toEqual({ context: 'money', name: 'avoir' });
});
