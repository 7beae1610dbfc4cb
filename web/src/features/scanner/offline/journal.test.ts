import { describe, expect, it } from 'vitest';

import type { Device, Entry } from './database';
import { type Allowance, allowanceOf, todayOf } from './journal';

const ZONE = 'Africa/Casablanca';
const NOW = new Date('2026-11-22T12:00:00Z');

function entry(fields: Partial<Entry>): Entry {
  const about = { code: 'k7v4', who: '', amount_minor: 0, currency: 'MAD', units: null, what: '', reward_id: null };
  const kept = { offline: true, undo: null, reason: null, unread: false, state: 'booked', kind: 'purchase' } as const;
  return { id: 'e', at: NOW.toISOString(), actor: 'opr_1', ...about, ...kept, ...fields };
}

describe('today', () => {
  it('counts what the operator booked since midnight where the shop is', () => {
    const entries = [
      entry({ id: '1', amount_minor: 450 }),
      entry({ id: '2', amount_minor: 300, state: 'waiting', at: '2026-11-22T11:00:00Z' }),
      entry({ id: '3', kind: 'visit', at: '2026-11-21T23:30:00Z' }),
      entry({ id: '4', amount_minor: 999, at: '2026-11-21T22:30:00Z' }),
      entry({ id: '5', amount_minor: 999, actor: 'opr_2' }),
      entry({ id: '6', amount_minor: 999, state: 'undone' }),
      entry({ id: '7', amount_minor: 999, state: 'rejected', unread: true, at: '2026-11-20T10:00:00Z', actor: 'opr_2' }),
      entry({ id: '8', amount_minor: 200, currency: 'EUR', at: '2026-11-22T10:00:00Z' }),
    ];
    const today = todayOf(entries, 'opr_1', NOW, ZONE);
    expect(today.count).toBe(4);
    expect(today.sums).toEqual([
      { currency: 'MAD', amount_minor: 750 },
      { currency: 'EUR', amount_minor: 200 },
    ]);
    expect(today.entries.map((one) => one.id)).toEqual(['1', '6', '2', '8', '3']);
    expect(today.unread.map((one) => one.id)).toEqual(['7']);
  });
});

describe('a reward without a network', () => {
  // What allowanceOf looks at.
  const device = { redemptions_per_day: 2, redemptions_per_member_per_day: 1 } as Device;
  const given = (fields: Partial<Entry>) => entry({ kind: 'redemption', reward_id: 'rwd_1', state: 'waiting', ...fields });
  const seenAt = Date.parse('2026-11-22T11:00:00Z');
  const ask = (entries: Entry[], ready = 1): Allowance =>
    allowanceOf(entries, device, { code: 'K7-V4', reward_id: 'rwd_1', ready_count: ready, seen_at: seenAt }, NOW, ZONE);

  it.each<[string, Entry[], number, Allowance]>([
    ['is given', [], 1, 'given'],
    ['is not, when the card had none', [], 0, 'not_ready'],
    ['is not, when it was given since', [given({})], 1, 'not_ready'],
    ['is not, even if that was with a network', [given({ offline: false, state: 'booked' })], 1, 'not_ready'],
    ['is, when that was taken back', [given({ state: 'undone' })], 1, 'given'],
    ['is not, when the member had one today', [given({})], 2, 'member_reached'],
    ['is, when the member had another one before the card was seen, with a network', [given({ offline: false, at: '2026-11-22T10:00:00Z' })], 1, 'given'],
    ['is not, when the till gave its two', [given({ code: 'a' }), given({ code: 'b' })], 1, 'device_reached'],
    ['is, when that was yesterday', [given({ code: 'a' }), given({ code: 'b', at: '2026-11-21T12:00:00Z' })], 1, 'given'],
  ])('%s', (_name, entries, ready, allowance) => {
    expect(ask(entries, ready)).toBe(allowance);
  });
});
