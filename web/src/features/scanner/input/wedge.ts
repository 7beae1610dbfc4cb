/**
 * Scanners that type: a burst of keys faster than anybody's hands, ended by Enter or Tab. They are heard anywhere on the
 * page, whatever has the focus.
 */

/** Characters of one burst follow each other within this time. */
export const BURST_MS = 60;
/** Shorter bursts are somebody who types a digit and presses Enter. */
export const BURST_LENGTH = 6;

export interface Key {
  /** What the layout of the keyboard makes of it. */
  readonly key: string;
  /** Which key it is, whatever the layout: KeyboardEvent.code. */
  readonly physical: string;
  readonly shift: boolean;
  readonly at: number;
}

export interface Burst {
  readonly keys: readonly Key[];
}

export const SILENCE: Burst = { keys: [] };

/** What has been heard after one more key, and the code when it ends a burst. */
export function hear(burst: Burst, key: Key): { readonly burst: Burst; readonly code: string | null } {
  const last = burst.keys.at(-1);
  const goesOn = last !== undefined && key.at - last.at <= BURST_MS;
  if (key.key === 'Enter' || key.key === 'Tab') {
    return { burst: SILENCE, code: goesOn && burst.keys.length >= BURST_LENGTH ? codeOf(burst.keys) : null };
  }
  // Shift and its like come with capitals and say nothing themselves.
  if (key.key.length > 1) return { burst: isModifier(key.key) ? burst : SILENCE, code: null };
  return { burst: { keys: goesOn ? [...burst.keys, key] : [key] }, code: null };
}

/**
 * The text of a burst. Most scanners play a keyboard of the United States; where the computer has another layout, such
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
