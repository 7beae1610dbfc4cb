import { expect, test } from 'vitest';

import { stillOpen } from './requests';

test('what can be joined now is suggested before what is a draft; what has ended is not', () => {
  const programs = (['draft', 'ended', 'active', 'paused'] as const).map((state) => ({ id: state, state }));
  expect(stillOpen(programs as unknown as Parameters<typeof stillOpen>[0]).map(({ state }) => state)).toEqual(['active', 'draft', 'paused']);
});
