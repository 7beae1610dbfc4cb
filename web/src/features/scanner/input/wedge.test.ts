import { describe, expect, it } from 'vitest';

import { type Key, type Place, burst, listen, scanned } from './wedge';

/** A text typed with so many milliseconds between the keys; `layout` is what the computer makes of a digit. */
function keys(text: string, everyMs: number, layout: (digit: string) => string = (digit) => digit): Key[] {
  return Array.from(text, (character, place) => {
    const physical = /\d/.test(character) ? `Digit${character}` : character === '-' ? 'Minus' : `Key${character.toUpperCase()}`;
    return { key: layout(character), physical, shift: /[A-Z]/.test(character), at: place * everyMs };
  });
}

function scan(typed: readonly Key[], { end = 'Enter', pauseMs = 10, place = 'page' }: { end?: string; pauseMs?: number; place?: Place } = {}) {
  let heard: readonly Key[] = [];
  for (const key of typed) heard = listen(heard, key);
  return scanned(heard, { key: end, physical: end, shift: false, at: (typed.at(-1)?.at ?? 0) + pauseMs }, place);
}

const heard = (...given: Parameters<typeof scan>): string | null => scan(...given)?.code ?? null;

// What a French layout makes of the keys of a keyboard of the United States.
const AZERTY: Record<string, string> = { '0': 'à', '1': '&', '2': 'é', '3': '"', '4': "'", '5': '(', '6': '-', '7': 'è', '8': '_', '9': 'ç', q: 'a', a: 'q', m: ',' };

describe('a scanner that types', () => {
  it.each(['Enter', 'Tab'])('is heard when it ends with %s', (end) => {
    expect(heard(keys('k7v4m2q9x1c8r5tz', 12), { end })).toBe('k7v4m2q9x1c8r5tz');
  });

  it.each(['field', 'secret'] as const)('may take its time in a %s, but not as much as hands', (place) => {
    expect(heard(keys('summer26', 60), { place })).toBe('summer26');
    expect(heard(keys('summer26', 61), { place })).toBeNull();
    expect(heard(keys('summer26', 10), { place, pauseMs: 300 })).toBeNull();
  });

  it.each<[string, number, Place, string | null]>([
    ['summer26', 200, 'page', 'summer26'],
    ['SUMMER-26', 999, 'page', 'SUMMER-26'],
    ['SUMMER-26', 1001, 'page', null],
    ['k7v4m2q9x1c8r5tz', 200, 'page', 'k7v4m2q9x1c8r5tz'],
    ['4006381333931', 200, 'page', '4006381333931'],
    ['1234567890', 200, 'page', null], // as long as an amount may be
    ['1250.50', 200, 'page', null],
    ['k7v4m2q9x1c8r5tz', 200, 'field', 'k7v4m2q9x1c8r5tz'],
    ['K7V4-M2Q9-X1C8-R5TZ', 200, 'field', 'K7V4-M2Q9-X1C8-R5TZ'],
    ['k7v4m2q9x1c8r5tz', 200, 'secret', null],
    ['k7v4m2q9x1c8r5t', 200, 'field', null],
    ['k7v4m2q9x1c8r5tu', 200, 'field', null], // no code of ours has a U
    ['1234567812345678', 200, 'field', null],
    ['thatveryeagerman', 200, 'field', null],
  ])('that is slow is known by what it typed: %s every %s ms on a %s', (text, everyMs, place, code) => {
    expect(heard(keys(text, everyMs), { pauseMs: everyMs, place })).toBe(code);
  });

  it('that is slow ends with Enter alone, for Tab goes to the next field', () => {
    expect(heard(keys('k7v4m2q9x1c8r5tz', 200), { end: 'Tab' })).toBeNull();
  });

  it('leaves alone what somebody typed into the field before', () => {
    const before = keys('Lina ', 200);
    const later = (everyMs: number, start: number) => keys('k7v4m2q9x1c8r5tz', everyMs).map((key) => ({ ...key, at: key.at + start }));
    expect(scan([...before, ...later(10, 900)], { place: 'field' })?.keys).toHaveLength(16);
    expect(scan([...before, ...later(200, 2000)], { place: 'field' })?.keys).toHaveLength(16);
    expect(burst([...before, ...later(10, 900)])).toHaveLength(16);
  });

  it('is not an amount that somebody types quickly', () => {
    expect(heard(keys('1250', 40))).toBeNull();
  });

  it('is heard from where it begins, after somebody typed something else', () => {
    const before = keys('45', 200);
    const scanned = keys('k7v4m2q9', 10).map((key) => ({ ...key, at: key.at + 2000 }));
    expect(heard([...before, ...scanned])).toBe('k7v4m2q9');
  });

  it('is understood on a computer with a French layout', () => {
    expect(heard(keys('k7v4m2q9-A1', 10, (key) => AZERTY[key] ?? key))).toBe('k7v4m2q9-A1');
  });

  it('keeps signs that are meant', () => {
    const address = Array.from('HTTPS://P.EX/C?A=1&B=2', (key, place) => ({ key, physical: 'Unidentified', shift: true, at: place * 5 }));
    expect(heard(address)).toBe('HTTPS://P.EX/C?A=1&B=2');
  });

  it('does not hear shift as a character, and forgets what a key such as an arrow breaks off', () => {
    const shift: Key = { key: 'Shift', physical: 'ShiftLeft', shift: true, at: 35 };
    const [first = shift, ...rest] = keys('Abcdefgh', 10);
    expect(heard([first, shift, ...rest.map((key) => ({ ...key, at: key.at + 40 }))])).toBe('Abcdefgh');
    const arrow: Key = { key: 'ArrowLeft', physical: 'ArrowLeft', shift: false, at: 35 };
    expect(heard([...keys('abcdef', 7), arrow, { key: 'g', physical: 'KeyG', shift: false, at: 40 }])).toBeNull();
  });
});
