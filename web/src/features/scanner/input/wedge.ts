/**
 * Scanners that type: keys ended by Enter. They are heard anywhere on the page, whatever has the focus. Most type faster
 * than anybody's hands, and may then end with Tab, too. Slower ones are known by what they typed: outside a field all
 * that can be no amount, inside a field what looks like a code of ours.
 */

/** Keys that follow each other within this time are of no hand. */
export const BURST_MS = 60;
/** Shorter ones are somebody who types a digit and presses Enter. */
export const BURST_LENGTH = 6;
/** No scanner is slower: what follows later is something else. */
export const PAUSE_MS = 1000;
/** More than any barcode holds that a till reads; of a longer text only its end is remembered. */
const MOST_KEYS = 500;
/** More digits than an amount has (see amount.ts). */
const NO_AMOUNT = 11;

/** Where keys go: to the page, to a field, or to a field whose content is nobody's business. */
export type Place = 'page' | 'field' | 'secret';

export interface Key {
  /** What the layout of the keyboard makes of it. */
  readonly key: string;
  /** Which key it is, whatever the layout: KeyboardEvent.code. */
  readonly physical: string;
  readonly shift: boolean;
  readonly at: number;
}

/** A code that was scanned, and the keys that typed it. */
export interface Scan<K extends Key> {
  readonly code: string;
  readonly keys: readonly K[];
}

/** What is heard once another key follows those before; they are forgotten after a pause, and when a key such as an arrow comes. */
export function listen<K extends Key>(heard: readonly K[], key: K): readonly K[] {
  // Shift and its like come with capitals and say nothing themselves.
  if (key.key.length > 1) return isModifier(key.key) ? heard : [];
  const last = heard.at(-1);
  return last !== undefined && key.at - last.at <= PAUSE_MS ? [...heard.slice(-MOST_KEYS), key] : [key];
}

/** The last keys of those heard that no hand typed. */
export function burst<K extends Key>(heard: readonly K[]): readonly K[] {
  let start = heard.length - 1;
  while (start > 0 && (heard[start]?.at ?? 0) - (heard[start - 1]?.at ?? 0) <= BURST_MS) start -= 1;
  return heard.slice(Math.max(start, 0));
}

/** The code that a key ends, `null` when it ends none. */
export function scanned<K extends Key>(heard: readonly K[], end: Key, place: Place): Scan<K> | null {
  const pause = end.at - (heard.at(-1)?.at ?? -Infinity);
  if (pause > PAUSE_MS || (end.key !== 'Enter' && end.key !== 'Tab')) return null;
  const fast = burst(heard);
  if (pause <= BURST_MS && fast.length >= BURST_LENGTH) return { code: codeOf(fast), keys: fast };
  const code = codeOf(heard);
  return end.key === 'Enter' && isCode(code, place) ? { code, keys: heard } : null;
}

/** Whether a text is a code, however slowly it came. */
function isCode(text: string, place: Place): boolean {
  if (place === 'secret') return false;
  if (place === 'page') return text.length >= (/[^\d.,]/.test(text) ? BURST_LENGTH : NO_AMOUNT);
  // Codes of cards, gift cards and tickets: 16 of these letters and digits, grouped or not (see passerelle/kit/ids.py).
  const plain = text.replace(/[ -]/g, '').toLowerCase();
  return /^[0-9a-hjkmnp-tv-z]{16}$/.test(plain) && /\d/.test(plain) && /[a-z]/.test(plain);
}

/**
 * The text of keys. Most scanners play a keyboard of the United States; where the computer has another layout, such
 * as French or Arabic, digits come out as signs and letters as others. The physical keys tell what was meant.
 */
function codeOf(keys: readonly Key[]): string {
  const told = keys.map((key) => key.key).join('');
  return /^[A-Za-z0-9 .:/?=%+-]*$/.test(told) ? told : keys.map(meaning).join('');
}

function meaning(key: Key): string {
  const letter = /^Key([A-Z])$/.exec(key.physical)?.[1];
  if (letter) return key.shift ? letter : letter.toLowerCase();
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(key.physical)?.[1];
  if (digit && !key.shift) return digit;
  if (key.physical === 'Minus' && !key.shift) return '-';
  return key.physical === 'Space' ? ' ' : key.key;
}

const isModifier = (key: string): boolean => ['Shift', 'AltGraph', 'CapsLock', 'Control', 'Alt'].includes(key);
