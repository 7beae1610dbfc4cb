import { expect, it } from 'vitest';

import type { Entry } from '../offline/database';
import type { Card } from './cards';
import { attemptWith, bookedByItself, unitsOfVisit, wasJustBooked } from './starting';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const visit = (change: Partial<Entry> = {}): Entry => ({
  id: '1',
  at: '2026-11-23T11:59:30Z',
  actor: 'key_1',
  kind: 'visit',
  state: 'booked',
  offline: false,
  code: 'k7v4m2q9x1c8r5tzu084127961763893800',
  who: 'Lina',
  amount_minor: 0,
  currency: 'EUR',
  units: 1,
  what: '',
  reward_id: null,
  undo: null,
  reason: null,
  unread: false,
  ...change,
});
const card = (may: Card['may'], program_kind: Card['program_kind'] = 'stamps') => ({ may, program_kind }) as unknown as Card;

it('books the same card once within a minute, however it was shown', () => {
  const entries = [visit()];
  for (const code of ['k7v4m2q9x1c8r5tz', 'K7V4-M2Q9-X1C8-R5TZ', 'k7v4m2q9x1c8r5tzu111111111763893830']) {
    expect(wasJustBooked(entries, code, 'visit', NOW)).toBe(true);
    expect(wasJustBooked([visit({ kind: 'check_in' })], code, 'check_in', NOW)).toBe(true);
  }
  expect(wasJustBooked(entries, '77v4m2q9x1c8r5tz', 'visit', NOW)).toBe(false);
  expect(wasJustBooked(entries, 'k7v4m2q9x1c8r5tz', 'visit', NOW + 31_000)).toBe(false);
  expect(wasJustBooked(entries, 'k7v4m2q9x1c8r5tz', 'check_in', NOW)).toBe(false);
});

it('books again what was taken back or refused, and after a purchase', () => {
  for (const change of [{ state: 'undone' }, { state: 'undoing' }, { state: 'rejected' }, { kind: 'purchase' }] as const) {
    expect(wasJustBooked([visit(change)], 'k7v4m2q9x1c8r5tz', 'visit', NOW)).toBe(false);
  }
});

it('books nothing that is not allowed', () => {
  expect(bookedByItself('visit', card(['purchase', 'undo']))).toBe('visit');
  expect(bookedByItself('visit', card(['undo']))).toBe(null);
  expect(bookedByItself('amount', card(['purchase']))).toBe(null);
  expect([unitsOfVisit(card([])), unitsOfVisit(card([], 'points'))]).toEqual([1, null]);
});

it('lets in and out by itself with cards that are good and not a copy', () => {
  const shown = (change: Partial<Card>) => bookedByItself('check_in', { membership_state: 'active', term: null, code_may: 'earn', ...change } as Card);
  const term = (status: string) => ({ status }) as Card['term'];
  expect([shown({}), shown({ term: term('grace') }), shown({ code_may: 'everything' })]).toEqual(['check_in', 'check_in', 'check_in']);
  for (const change of [{ code_may: 'look_up' }, { membership_state: 'suspended' }, { term: term('lapsed') }, { term: term('unpaid') }] as const) {
    expect(shown(change)).toBe(null);
  }
});

it('tries the same thing again, and for a minute', () => {
  const first = attemptWith('k7v4m2q9x1c8r5tz', null, NOW);
  expect(attemptWith('K7V4-M2Q9-X1C8-R5TZ', first, NOW + 59_000)).toBe(first);
  expect(attemptWith('K7V4-M2Q9-X1C8-R5TZ', first, NOW + 60_000).id).not.toBe(first.id);
  expect(attemptWith('77v4m2q9x1c8r5tz', first, NOW).id).not.toBe(first.id);
});
