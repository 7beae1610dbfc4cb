import { describe, expect, it } from 'vitest';

import { NOTHING, type PadKey, minorOf, padKey, press } from './amount';

const typed = (keys: string, currency: string) =>
  minorOf(
    keys.split(' ').reduce((before, key) => press(before, key as PadKey, currency), NOTHING),
    currency,
  );

describe('an amount on the pad', () => {
  it.each([
    ['4 5 0', 'EUR', 450],
    ['1 00', 'EUR', 100],
    ['1 2 5 0', 'JPY', 1250],
    ['1 2 3 4', 'TND', 1234],
    ['4 point 5', 'EUR', 450],
    ['4 point 5 0', 'EUR', 450],
    ['4 point 5 0 9', 'EUR', 450],
    ['1 2 point', 'EUR', 1200],
    ['4 point point 5', 'EUR', 450],
    ['7 point', 'JPY', 7],
    ['4 5 0 back', 'EUR', 45],
    ['4 point 5 back back', 'EUR', 4],
    ['4 5 clear', 'EUR', 0],
    ['0 0 4', 'EUR', 4],
    ['00', 'EUR', 0],
    ['back', 'EUR', 0],
    ['1 2 3 4 5 6 7 8 9 0 1 2', 'EUR', 1_234_567_890],
    ['1 2 3 4 5 6 7 8 9 00', 'EUR', 1_234_567_890],
    ['1 2 3 4 5 6 7 8 9 0 point', 'EUR', 1_234_567_890],
  ])('%s in %s is %i', (keys, currency, minor) => {
    expect(typed(keys, currency)).toBe(minor);
  });

  it('is always a whole number of minor units', () => {
    for (let minor = 0; minor < 2000; minor += 7) expect(typed(Array.from(String(minor)).join(' '), 'EUR')).toBe(minor);
  });
});

describe('a key of a keyboard', () => {
  it.each([
    ['7', '7'],
    ['٧', '7'],
    [',', 'point'],
    ['.', 'point'],
    ['Backspace', 'back'],
    ['Delete', 'clear'],
    ['a', null],
    ['F5', null],
    ['Enter', null],
  ])('%s means %s', (key, pad) => {
    expect(padKey(key)).toBe(pad);
  });
});
