/** An amount as it is typed at a till: digits move in from the end, as on a cash register; a point counts whole units. */
import { currencyDigits } from '@/lib/format';

export interface Typed {
  readonly digits: string;
  /** How many digits stand behind a point that was typed; `null` without one. */
  readonly behind: number | null;
}

export type PadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '00' | 'point' | 'back' | 'clear';

export const NOTHING: Typed = { digits: '', behind: null };
const MAX_DIGITS = 10;

/** What a key makes of an amount; a digit that has no place any more is not taken. */
export function press(typed: Typed, key: PadKey, currency: string): Typed {
  const places = currencyDigits(currency);
  if (key === 'clear') return NOTHING;
  if (key === 'back') return back(typed);
  if (key === 'point') {
    const fits = typed.digits.length + places <= MAX_DIGITS;
    return places > 0 && typed.behind === null && fits ? { digits: typed.digits, behind: 0 } : typed;
  }
  return key === '00' ? put(put(typed, '0', places), '0', places) : put(typed, key, places);
}

/** The amount in minor units. */
export function minorOf(typed: Typed, currency: string): number {
  const digits = Number(typed.digits || '0');
  return typed.behind === null ? digits : digits * 10 ** (currencyDigits(currency) - typed.behind);
}

/** The key of the pad that a key of a keyboard means: digits of either script, comma or point, rubbing out. */
export function padKey(key: string): PadKey | null {
  const digit = /^[٠-٩]$/.test(key) ? String(key.charCodeAt(0) - 0x660) : key;
  if (/^\d$/.test(digit)) return digit as PadKey;
  if (key === '.' || key === ',' || key === '٫' || key === 'Decimal') return 'point';
  if (key === 'Backspace') return 'back';
  return key === 'Delete' ? 'clear' : null;
}

function put(typed: Typed, digit: string, places: number): Typed {
  if (typed.behind !== null) {
    return typed.behind < places ? { digits: typed.digits + digit, behind: typed.behind + 1 } : typed;
  }
  const digits = (typed.digits + digit).replace(/^0+/, '');
  return digits.length <= MAX_DIGITS ? { digits, behind: null } : typed;
}

function back(typed: Typed): Typed {
  if (typed.behind === 0) return { digits: typed.digits, behind: null };
  return { digits: typed.digits.slice(0, -1), behind: typed.behind === null ? null : typed.behind - 1 };
}
