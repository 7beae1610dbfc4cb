import { describe, expect, it } from 'vitest';

import { type Burst, type Key, SILENCE, hear } from './wedge';

/** A text typed with so many milliseconds between the keys; `layout` is what the computer makes of a digit. */
function keys(text: string, everyMs: number, layout: (digit: string) => string = (digit) => digit): Key[] {
  return Array.from(text, (character, place) => {
    const physical = /\d/.test(character) ? `Digit${character}` : character === '-' ? 'Minus' : `Key${character.toUpperCase()}`;
    return { key: layout(character), physical, shift: /[A-Z]/.test(character), at: place * everyMs };
  });
}

function heard(typed: readonly Key[], end = 'Enter', pauseMs = 10): string | null {
  const last = (typed.at(-1)?.at ?? 0) + pauseMs;
  let burst: Burst = SILENCE;
  for (const key of typed) burst = hear(burst, key).burst;
  return hear(burst, { key: end, physical: end, shift: false, at: last }).code;
}

// What a French layout makes of the keys of a keyboard of the United States.
const AZERTY: Record<string, string> = { '0': 'à', '1': '&', '2': 'é', '3': '"', '4': "'", '5': '(', '6': '-', '7': 'è', '8': '_', '9': 'ç', q: 'a', a: 'q', m: ',' };

describe('a scanner that types', () => {
  it.each(['Enter', 'Tab'])('is heard when it ends with %s', (end) => {
    expect(heard(keys('k7v4m2q9x1c8r5tz', 12), end)).toBe('k7v4m2q9x1c8r5tz');
  });

  it('may take its time, but not as much as hands', () => {
    expect(heard(keys('k7v4m2q9', 60))).toBe('k7v4m2q9');
    expect(heard(keys('k7v4m2q9', 61))).toBeNull();
    expect(heard(keys('k7v4m2q9', 10), 'Enter', 300)).toBeNull();
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
