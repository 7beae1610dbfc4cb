import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Problem } from './api';
import { fromSmallest, lastDay, toSmallest } from './format';
import { i18n, i18nReady, spaced } from './i18n';
import { refused } from './refusals';
import { namedAmount, unitAmount, unitFigure, withSign } from './units';
import { without } from './without';
import { instantOf, wallTime } from './zones';

beforeAll(() => i18nReady);
afterAll(() => i18n.changeLanguage('en'));

describe('numbers as people write them', () => {
  it.each([
    ['12', 0, 12],
    ['12,50', 2, 1250],
    ['1 234.5', 2, 123450],
    ['١٢٫٥', 2, 1250],
    ['0', 2, 0],
    ['12.345', 2, null],
    ['1e3', 0, null],
    ['-4', 2, null],
    ['', 2, null],
  ])('%s with %i places', (typed, places, value) => {
    expect(toSmallest(typed, places)).toBe(value);
  });

  it.each(['en', 'fr', 'ar'])('written and read again in %s', async (language) => {
    await i18n.changeLanguage(language);
    for (const value of [0, 5, 1250, 123456]) expect(toSmallest(fromSmallest(value, 2, true), 2)).toBe(value);
  });
});

describe('wall clocks', () => {
  it.each([
    ['2026-11-30T23:00:00.000Z', 'Europe/Paris', '2026-12-01T00:00'],
    ['2026-07-01T10:30:00.000Z', 'Africa/Casablanca', '2026-07-01T11:30'],
    ['2026-10-25T00:30:00.000Z', 'Europe/Paris', '2026-10-25T02:30'],
  ])('%s in %s', (instant, zone, wall) => {
    expect(wallTime(instant, zone)).toBe(wall);
    expect(instantOf(wall, zone)).toBe(instant);
  });

  it('moves on what clocks skip', () => {
    expect(instantOf('2026-03-29T02:30', 'Europe/Paris')).toBe('2026-03-29T01:30:00.000Z');
  });

  it('knows what is no time', () => {
    expect(instantOf('', 'UTC')).toBeNull();
    expect(instantOf('tomorrow', 'UTC')).toBeNull();
  });
});

describe('refusals at the fields', () => {
  it('are found by the end of their path', () => {
    const fault = new Problem(422, 'invalid_request', 'No.', {}, [{ path: 'body.terms.effect.percent_off.basis_points', message: 'Too much' }]);
    expect(refused(fault).at('basis_points')).toBe('Too much');
    expect(refused(fault).at('amount_minor')).toBeUndefined();
    expect(refused(fault).above).toBe(fault);
  });

  it('stand at the field that their code is about', () => {
    const told = refused(new Problem(422, 'coupon_pattern_too_weak', 'Longer.'), { coupon_pattern_too_weak: 'pattern.length' });
    expect(told.at('pattern.length')).toBe('Longer.');
    expect(told.above).toBeNull();
  });
});

it('writes amounts in words', async () => {
  await i18n.changeLanguage('en');
  const points = { code: 'points', kind: 'points', currency: null, decimals: 0, names: { en: { one: 'point', other: 'points' } } };
  expect(unitAmount(1, points)).toBe('1 point');
  expect(withSign(-1200, unitAmount(1200, points))).toBe('−1,200 points');
  await i18n.changeLanguage('fr');
  expect(unitAmount(0, points)).toBe('0 points'); // the form of English, for the word is
  await i18n.changeLanguage('en');
  expect(unitAmount(450, { ...points, kind: 'money', currency: 'EUR', decimals: 2 })).toBe('€4.50');
  expect(unitFigure(125, { currency: null, decimals: 1 })).toBe('12.5');
  expect(namedAmount(125, { currency: null, decimals: 1, name: 'stars' })).toBe('12.5 stars');
  expect(namedAmount(450, { currency: 'EUR', decimals: 2, name: 'credit' })).toBe('€4.50');
});

it('keeps a sign on the left of its number where lines run from the right', async () => {
  await i18n.changeLanguage('ar');
  expect(withSign(450, unitFigure(450, { currency: 'EUR', decimals: 2 }))).toMatch(/^\u200e\+\d/);
  expect(withSign(-3, '3')).toBe('\u200e−3');
  expect(withSign(0, '0')).toBe('0');
  await i18n.changeLanguage('en');
});

it('leaves fields out', () => {
  expect(without({ a: 1, b: 2, c: 3 }, 'a', 'c')).toEqual({ b: 2 });
});

describe('sentences', () => {
  it.each([
    ['2026-12-23T23:00:00Z', 'Europe/Paris', '23 Dec 2026'],
    ['2026-12-23T22:59:00Z', 'Europe/Paris', '23 Dec 2026'],
    ['2026-12-23T23:01:00Z', 'Europe/Paris', '24 Dec 2026'],
  ])('what ends at %s in %s is good until %s', async (end, zone, told) => {
    await i18n.changeLanguage('en');
    expect(new Date(lastDay(end, zone)).toDateString()).toBe(new Date(told).toDateString());
  });

  it('no line of French begins with a high sign', () => {
    expect(spaced({ who: { is: 'Rejoindre « {{name}} » : qui ? 12:30' } })).toEqual({ who: { is: 'Rejoindre «\u00a0{{name}}\u00a0»\u00a0: qui\u00a0? 12:30' } });
  });
});
