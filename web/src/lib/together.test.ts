import { expect, it, vi } from 'vitest';

import { together } from './together';

const answering = () => vi.fn((ids: string[]) => Promise.resolve(ids.filter((id) => id !== 'gone').map((id) => ({ id, name: id.toUpperCase() }))));

it('asks once for all that are wanted at once, each one once', async () => {
  const ask = answering();
  const one = together(ask, 100);
  const names = await Promise.all(['a', 'b', 'a', 'gone'].map(one));
  expect(names.map((each) => each?.name)).toEqual(['A', 'B', 'A', undefined]);
  expect(ask.mock.calls).toEqual([[['a', 'b', 'gone']]]);
});

it('asks again for what is wanted later, and for no more at once than may be', async () => {
  const ask = answering();
  const one = together(ask, 2);
  await Promise.all(['a', 'b', 'c'].map(one));
  await one('a');
  expect(ask.mock.calls).toEqual([[['a', 'b']], [['c']], [['a']]]);
});

it('tells all who asked that it failed, and asks anew afterwards', async () => {
  const ask = answering().mockRejectedValueOnce(new Error('gone'));
  const one = together(ask, 2);
  const first = await Promise.allSettled(['a', 'b'].map(one));
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await one('a'))?.name).toBe('A');
});
