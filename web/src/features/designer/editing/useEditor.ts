import { useCallback, useEffect, useReducer } from 'react';

import type { Design } from '../model/design';
import { type Editor, edited, newEditor } from '../model/editor';

export interface EditorHandle {
  readonly editor: Editor;
  readonly change: (recipe: (design: Design) => Design, mark?: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly markSaved: (design: Design, base: number) => void;
  readonly rebase: (design: Design, saved: Design, base: number) => void;
}

type Step =
  | { readonly type: 'recipe'; readonly recipe: (design: Design) => Design; readonly mark: string | null; readonly at: number }
  | { readonly type: 'undo' | 'redo' }
  | { readonly type: 'saved'; readonly design: Design; readonly base: number }
  | { readonly type: 'rebase'; readonly design: Design; readonly saved: Design; readonly base: number };

const step = (editor: Editor, taken: Step): Editor =>
  taken.type === 'recipe'
    ? edited(editor, { type: 'change', design: taken.recipe(editor.design), mark: taken.mark, at: taken.at })
    : edited(editor, taken);

/** The editor's state with undo and redo, also by keyboard: Ctrl or ⌘ with Z, with Shift the other way. */
export function useEditor(design: Design, base: number): EditorHandle {
  const [editor, dispatch] = useReducer(step, null, () => newEditor(design, base));
  const change = useCallback((recipe: (design: Design) => Design, mark?: string) => {
    dispatch({ type: 'recipe', recipe, mark: mark ?? null, at: Date.now() });
  }, []);
  const undo = useCallback(() => dispatch({ type: 'undo' }), []);
  const redo = useCallback(() => dispatch({ type: 'redo' }), []);
  const markSaved = useCallback((saved: Design, version: number) => dispatch({ type: 'saved', design: saved, base: version }), []);
  const rebase = useCallback((next: Design, saved: Design, version: number) => dispatch({ type: 'rebase', design: next, saved, base: version }), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key !== 'z' && key !== 'y') return;
      if (event.target instanceof Element && event.target.closest('[role="dialog"]')) return;
      event.preventDefault();
      if (key === 'y' || event.shiftKey) redo();
      else undo();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [undo, redo]);
  return { editor, change, undo, redo, markSaved, rebase };
}
