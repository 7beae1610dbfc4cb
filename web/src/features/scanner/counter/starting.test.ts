import { expect, it } from 'vitest';

import type { Entry } from '../offline/database';
import type { Card } from './cards';
import { booksByItself, unitsOfVisit, wasJustBooked } from './starting';

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
    expect(wasJustBooked(entries, code, NOW)).toBe(true);
  }
  expect(wasJustBooked(entries, '77v4m2q9x1c8r5tz', NOW)).toBe(false);
  expect(wasJustBooked(entries, 'k7v4m2q9x1c8r5tz', NOW + 31_000)).toBe(false);
});

it('books again what was taken back or refused, and after a purchase', () => {
  for (const change of [{ state: 'undone' }, { state: 'undoing' }, { state: 'rejected' }, { kind: 'purchase' }] as const) {
    expect(wasJustBooked([visit(change)], 'k7v4m2q9x1c8r5tz', NOW)).toBe(false);
  }
});

it('books nothing that is not allowed', () => {
  expect(booksByItself('visit', card(['purchase', 'undo']))).toBe(true);
  expect(booksByItself('visit', card(['undo']))).toBe(false);
  expect(booksByItself('amount', card(['purchase']))).toBe(false);
  expect([unitsOfVisit(card([])), unitsOfVisit(card([], 'points'))]).toEqual([1, null]);
});
