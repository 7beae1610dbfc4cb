import { describe, expect, it } from 'vitest';

import { sample } from '../testing';

import type { Design } from './design';
import { type Editor, edited, isDirty, newEditor } from './editor';

const named = (title: string): Design => sample({ title });
const typed = (editor: Editor, title: string, at: number, mark: string | null = 'title'): Editor =>
  edited(editor, { type: 'change', design: named(title), mark, at });

describe('the editor', () => {
  it('undoes and redoes', () => {
    let editor = newEditor(named('A'), 1);
    editor = typed(editor, 'B', 0, null);
    editor = typed(editor, 'C', 0, null);
    editor = edited(editor, { type: 'undo' });
    expect(editor.design.title).toBe('B');
    editor = edited(edited(editor, { type: 'undo' }), { type: 'undo' });
    expect(editor.design.title).toBe('A');
    editor = edited(edited(editor, { type: 'redo' }), { type: 'redo' });
    expect(editor.design.title).toBe('C');
    expect(edited(editor, { type: 'redo' })).toBe(editor);
  });

  it('undoes a run of typing at once, and a pause ends the run', () => {
    let editor = newEditor(named('A'), 1);
    editor = typed(editor, 'Ab', 1_000);
    editor = typed(editor, 'Abc', 1_200);
    editor = typed(editor, 'Abcd', 9_000);
    expect(editor.past.map(({ title }) => title)).toEqual(['A', 'Abc']);
    editor = edited(editor, { type: 'undo' });
    expect(editor.design.title).toBe('Abc');
    editor = typed(editor, 'Abcx', 9_100);
    expect(editor.past.map(({ title }) => title)).toEqual(['A', 'Abc']);
    expect(editor.future).toEqual([]);
  });

  it('knows whether there is something to save', () => {
    let editor = typed(newEditor(named('A'), 1), 'B', 0);
    expect(isDirty(editor)).toBe(true);
    expect(isDirty(edited(editor, { type: 'undo' }))).toBe(false);
    editor = edited(editor, { type: 'saved', design: editor.design, base: 2 });
    expect([isDirty(editor), editor.base]).toEqual([false, 2]);
    expect(edited(editor, { type: 'undo' }).design.title).toBe('A');
  });

  it('keeps what was typed while it was being saved', () => {
    const editor = typed(newEditor(named('A'), 1), 'B', 0);
    const later = edited(typed(editor, 'C', 10), { type: 'saved', design: editor.design, base: 2 });
    expect([later.design.title, isDirty(later)]).toEqual(['C', true]);
  });

  it('does not grow without end', () => {
    let editor = newEditor(named('A'), 1);
    for (let step = 0; step < 500; step += 1) editor = typed(editor, `title ${step}`, step * 10_000);
    expect(editor.past).toHaveLength(200);
  });
});
