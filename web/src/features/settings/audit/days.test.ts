import { expect, test } from 'vitest';

import { startOf } from './days';

test.each([
  ['2026-11-22', 'Europe/Paris', 0, '2026-11-21T23:00:00.000Z'],
  ['2026-11-22', 'Europe/Paris', 1, '2026-11-22T23:00:00.000Z'],
  ['2026-03-29', 'Europe/Paris', 0, '2026-03-28T23:00:00.000Z'],
  ['2026-03-29', 'Europe/Paris', 1, '2026-03-29T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Paris', 1, '2026-10-25T23:00:00.000Z'],
  ['2026-02-28', 'Africa/Casablanca', 1, '2026-02-28T23:00:00.000Z'],
  ['2026-11-22', 'America/Los_Angeles', 0, '2026-11-22T08:00:00.000Z'],
  ['2026-11-22', 'Pacific/Apia', 0, '2026-11-21T11:00:00.000Z'],
  ['2026-11-22', 'Asia/Kathmandu', 0, '2026-11-21T18:15:00.000Z'],
])('%s in %s, %i days later', (day, zone, later, instant) => {
  expect(startOf(day, zone, later)).toBe(instant);
});
