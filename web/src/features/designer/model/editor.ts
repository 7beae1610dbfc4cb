/** The editor's memory: the design, what can be undone and redone, and what the server has. */
import type { Design } from './design';

export interface Editor {
  readonly design: Design;
  /** What the server keeps as `base`: the version that this work began with. */
  readonly saved: Design;
  readonly base: number;
  readonly past: readonly Design[];
  readonly future: readonly Design[];
  /** What is being typed into, and since when nothing was: one run of typing is one step to undo. */
  readonly mark: string | null;
  readonly at: number;
}

export type Action =
  | { readonly type: 'change'; readonly design: Design; readonly mark: string | null; readonly at: number }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  | { readonly type: 'saved'; readonly design: Design; readonly base: number }
  | { readonly type: 'rebase'; readonly design: Design; readonly saved: Design; readonly base: number };

const STEPS = 200;
/** Typing that pauses longer than this starts a new step. */
const PAUSE_MS = 2_000;

export const newEditor = (design: Design, base: number): Editor => ({
  design,
  saved: design,
  base,
  past: [],
  future: [],
  mark: null,
  at: 0,
});

export function edited(editor: Editor, action: Action): Editor {
  switch (action.type) {
    case 'change': {
      if (action.design === editor.design) return editor;
      const goesOn = action.mark !== null && action.mark === editor.mark && action.at - editor.at < PAUSE_MS;
      const past = goesOn ? editor.past : [...editor.past, editor.design].slice(-STEPS);
      return { ...editor, design: action.design, past, future: [], mark: action.mark, at: action.at };
    }
    case 'undo': {
      const before = editor.past.at(-1);
      if (!before) return editor;
      return { ...editor, design: before, past: editor.past.slice(0, -1), future: [editor.design, ...editor.future], mark: null };
    }
    case 'redo': {
      const [after, ...future] = editor.future;
      if (!after) return editor;
      return { ...editor, design: after, past: [...editor.past, editor.design], future, mark: null };
    }
    case 'saved':
      return { ...editor, saved: action.design, base: action.base, mark: null };
    case 'rebase':
      return {
        ...editor,
        design: action.design,
        saved: action.saved,
        base: action.base,
        past: [...editor.past, editor.design],
        future: [],
        mark: null,
      };
  }
}

export const isDirty = (editor: Editor): boolean => !sameDesign(editor.design, editor.saved);

/** Equal by content; the order of translations does not count. */
export function sameDesign(one: Design, other: Design): boolean {
  return one === other || stable(one) === stable(other);
}

export function stable(node: unknown): string {
  return JSON.stringify(node, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
