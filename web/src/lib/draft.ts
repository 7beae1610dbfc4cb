/** A form's values while somebody edits them. */
import { useCallback, useState } from 'react';

export interface Draft<T> {
  readonly value: T;
  /** Whether it differs from what was opened or saved last. */
  readonly isDirty: boolean;
  readonly set: (change: Partial<T>) => void;
  readonly replace: (value: T) => void;
  /** `saved` is on the server now, as it made it of what was `sent`; what was typed meanwhile stays, and is not saved. */
  readonly settle: (saved: T, sent: T) => void;
}

export function useDraft<T>(opened: T): Draft<T> {
  const [base, setBase] = useState(opened);
  const [value, replace] = useState(opened);
  const set = useCallback((change: Partial<T>) => replace((before) => ({ ...before, ...change })), []);
  const settle = (saved: T, sent: T) => {
    setBase(saved);
    replace((now) => (isSame(now, sent) ? saved : now));
  };
  return { value, isDirty: !isSame(base, value), set, replace, settle };
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
