/** A form's values while somebody edits them. */
import { useCallback, useState } from 'react';

export interface Draft<T> {
  readonly value: T;
  /** Whether it differs from what was opened or saved last. */
  readonly isDirty: boolean;
  readonly set: (change: Partial<T>) => void;
  readonly replace: (value: T) => void;
  /** What is there now counts as saved. */
  readonly settle: (value?: T) => void;
}

export function useDraft<T>(opened: T): Draft<T> {
  const [base, setBase] = useState(opened);
  const [value, replace] = useState(opened);
  const set = useCallback((change: Partial<T>) => replace((before) => ({ ...before, ...change })), []);
  const settle = (saved: T = value) => {
    setBase(saved);
    replace(saved);
  };
  return { value, isDirty: JSON.stringify(base) !== JSON.stringify(value), set, replace, settle };
}
