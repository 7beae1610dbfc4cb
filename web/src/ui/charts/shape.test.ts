import { describe, expect, it } from 'vitest';

import { across, linePath, roundTop, runs } from './shape';

const FRAME = { width: 100, height: 40, rtl: false };
const points = [3, null, 2, 4, null].map((value, index) => ({ day: `2026-01-0${index + 1}`, value }));

describe('a chart', () => {
  it('is broken where a day has no value', () => {
    expect(runs(points)).toEqual([[0], [2, 3]]);
  });

  it('runs from the right where text does', () => {
    expect(across(0, 4, FRAME)).toBe(12.5);
    expect(across(0, 4, { ...FRAME, rtl: true })).toBe(87.5);
  });

  it('draws higher what is more', () => {
    expect(linePath([2, 3], points, 4, FRAME)).toBe('M50.00 20.00L70.00 0.00');
  });

  it.each([
    [0, 1],
    [3, 5],
    [7.33, 10],
    [2100, 2500],
    [0.6, 1],
  ])('of values up to %d ends at %d', (largest, top) => {
    expect(roundTop(largest)).toBeCloseTo(top);
  });
});
