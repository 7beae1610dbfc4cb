import { describe, expect, it } from 'vitest';

import { addDays, daysBetween, today } from '@/lib/days';

import { addressOf, filtersOf, isPeriod, periodOf } from './period';

describe('days', () => {
  it('are of the time zone, not of the browser', () => {
    const instant = new Date('2026-03-28T23:30:00Z');
    expect(today('Europe/Paris', instant)).toBe('2026-03-29');
    expect(today('America/New_York', instant)).toBe('2026-03-28');
  });

  it('are counted through a change of clocks', () => {
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(daysBetween('2026-10-24', '2026-10-27')).toBe(3);
  });
});

describe('a period', () => {
  const now = new Date('2026-03-15T12:00:00Z');

  it.each([
    ['7', '2026-03-09', '2026-03-16'],
    ['30', '2026-02-14', '2026-03-16'],
    ['month', '2026-03-01', '2026-03-16'],
  ] as const)('%s ends with today', (choice, from, to) => {
    expect(periodOf(choice, 'Europe/Paris', now)).toEqual({ from, to });
  });

  it('survives its address', () => {
    const filters = filtersOf(new URLSearchParams('period=custom&from=2026-01-01&to=2026-02-01&location=loc_1'), 'UTC', now);
    expect(filters.period).toEqual({ from: '2026-01-01', to: '2026-02-01' });
    expect(filtersOf(addressOf(filters), 'UTC', now)).toEqual(filters);
  });

  it.each([
    ['2026-01-02', '2026-01-01'],
    ['2026-01-01', '2026-01-01'],
    ['2024-01-01', '2026-01-01'],
    ['2026-02-30', '2026-03-02'],
    ['', '2026-01-01'],
  ])('from %s to %s is none', (from, to) => {
    expect(isPeriod({ from, to })).toBe(false);
  });

  it('that cannot be read is the last thirty days', () => {
    expect(filtersOf(new URLSearchParams('period=custom&from=x&to=y'), 'UTC', now).period).toEqual(periodOf('30', 'UTC', now));
  });
});
