import { act, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { useDraft } from './draft';

describe('a draft', () => {
  it('shows what the server made of it once it is saved', () => {
    const { result } = renderHook(() => useDraft({ name: 'Till', code: '' }));
    act(() => result.current.set({ code: ' A1 ' }));
    const sent = result.current.value;
    act(() => result.current.settle({ name: 'Till', code: 'A1' }, sent));
    expect(result.current.value).toEqual({ name: 'Till', code: 'A1' });
    expect(result.current.isDirty).toBe(false);
  });

  it('keeps what was typed while it was saved', () => {
    const { result } = renderHook(() => useDraft({ name: 'Till', code: '' }));
    act(() => result.current.set({ code: 'A1' }));
    const sent = result.current.value;
    act(() => result.current.set({ name: 'Window' }));
    act(() => result.current.settle({ name: 'Till', code: 'A1' }, sent));
    expect(result.current.value).toEqual({ name: 'Window', code: 'A1' });
    expect(result.current.isDirty).toBe(true);
  });
});
