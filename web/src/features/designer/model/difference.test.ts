import { describe, expect, it } from 'vitest';

import { sample } from '../testing';

import { differences, merge } from './difference';
import { sameDesign } from './editor';
import { addField, changeField, moveField, removeField } from './fields';
import { translate } from './texts';

const base = sample();
const coloured = (background: string) => ({ ...base, colours: { ...base.colours, background } });

describe('differences', () => {
  it('names every piece that changed', () => {
    const after = changeField({ ...coloured('#000000'), title: 'Tea Club' }, { area: 'secondary', index: 0 }, { value: 'Tea' });
    expect(differences(base, after).map(({ path }) => path).sort()).toEqual(['colours.background', 'field.reward', 'title']);
    expect(differences(base, base)).toEqual([]);
  });

  it('tells a move from a change', () => {
    const moved = moveField(base, { area: 'header', index: 0 }, { area: 'back', index: 0 });
    expect(differences(base, moved).map(({ path }) => path)).toEqual(['layout']);
  });
});

describe('two people at one design', () => {
  it('puts together what only one of them changed', () => {
    const mine = { ...coloured('#112233'), title: 'Tea Club' };
    const theirs = translate(addField(base, 'back', { label: 'Wi-Fi', value: 'guest' }), 'fr', 'MEMBER', 'MEMBRE');
    const both = merge(base, mine, theirs);
    expect(both.conflicts).toEqual([]);
    const merged = both.settle(new Set());
    expect([merged.title, merged.colours.background]).toEqual(['Tea Club', '#112233']);
    expect(merged.fields.back.map(({ label }) => label)).toEqual(['Member since', 'Wi-Fi']);
    expect(merged.translations.fr?.MEMBER).toBe('MEMBRE');
  });

  it('asks where both changed the same', () => {
    const both = merge(base, { ...base, title: 'Tea Club' }, { ...base, title: 'Juice Bar' });
    expect(both.conflicts).toEqual([{ path: 'title', mine: 'Tea Club', theirs: 'Juice Bar' }]);
    expect(both.settle(new Set()).title).toBe('Tea Club');
    expect(both.settle(new Set(['title'])).title).toBe('Juice Bar');
  });

  it('does not ask where both did the same', () => {
    const both = merge(base, coloured('#000000'), coloured('#000000'));
    expect(both.conflicts).toEqual([]);
    expect(sameDesign(both.settle(new Set()), coloured('#000000'))).toBe(true);
  });

  it('loses no field when both moved and added some', () => {
    const mine = addField(moveField(base, { area: 'header', index: 0 }, { area: 'back', index: 0 }), 'primary', { key: 'mine' });
    const theirs = addField(removeField(base, { area: 'auxiliary', index: 0 }), 'primary', { key: 'theirs' });
    const both = merge(base, mine, theirs);
    expect(both.conflicts.map(({ path }) => path)).toEqual(['layout']);
    for (const taken of [new Set<string>(), new Set(['layout'])]) {
      const merged = both.settle(taken);
      const keys = Object.values(merged.fields).flatMap((fields) => fields.map(({ key }) => key));
      expect([...keys].sort()).toEqual(['left', 'mine', 'reward', 'since', 'stamps', 'theirs']);
    }
  });

  it('gives back each side when the other did nothing', () => {
    const changed = addField(coloured('#010203'), 'primary', { label: 'NEW' });
    expect(sameDesign(merge(base, changed, base).settle(new Set()), changed)).toBe(true);
    expect(sameDesign(merge(base, base, changed).settle(new Set()), changed)).toBe(true);
  });
});
