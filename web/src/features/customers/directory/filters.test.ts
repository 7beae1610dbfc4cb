import { afterEach, expect, test, vi } from 'vitest';

import { type Chosen, filterOf } from './filters';

const NOTHING: Chosen = { program: null, card: null, consent: null, visit: null, from: null, to: null, endsFrom: null, endsTo: null };
const NOW = new Date(2026, 10, 22, 15, 30);
const at = (year: number, month: number, date: number) => new Date(year, month - 1, date).toISOString();

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  [{}, {}],
  [{ card: 'no' }, { has_card: false }],
  [{ program: 'prg_1', card: 'yes' }, { program_id: 'prg_1', has_card: true }],
  [{ consent: 'sms' }, { consent: { purpose: 'marketing', channel: 'sms' } }],
  [{ consent: 'pigeon' }, {}],
  [{ visit: 'within-7' }, { visited_since: at(2026, 11, 15) }],
  [{ visit: 'not-30' }, { not_visited_since: at(2026, 10, 23) }],
  [{ from: '2026-11-01', to: '2026-11-02' }, { joined_from: at(2026, 11, 1), joined_to: at(2026, 11, 3) }],
  [{ endsFrom: '2026-11-01', endsTo: '2026-11-02' }, { ends_from: at(2026, 11, 2), ends_to: at(2026, 11, 4) }],
  [{ from: 'yesterday', to: '2026-02-30' }, {}],
])('%j asks for %j', (chosen, filter) => {
  expect(filterOf('', { ...NOTHING, ...chosen }, NOW)).toEqual(filter);
});

test('days are those of the calendar, also when clocks change', () => {
  vi.stubEnv('TZ', 'Europe/Paris');
  expect(filterOf('', { ...NOTHING, to: '2026-03-29', endsFrom: '2026-10-25', endsTo: '2026-10-25' }, NOW)).toEqual({
    joined_to: '2026-03-29T22:00:00.000Z',
    ends_from: '2026-10-25T23:00:00.000Z',
    ends_to: '2026-10-26T23:00:00.000Z',
  });
});

test('what is searched for is trimmed', () => {
  expect(filterOf('  06 12 ', NOTHING, NOW)).toEqual({ text: '06 12' });
});
