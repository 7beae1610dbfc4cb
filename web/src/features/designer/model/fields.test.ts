import { describe, expect, it } from 'vitest';

import { sample } from '../testing';

import { AREAS, type Area, type Design, placedFields } from './design';
import { KEPT, addField, changeField, findField, freshKey, moveField, neighbour, removeField } from './fields';
import { googleRows, hiddenOnApple, hiddenOnGoogle } from './limits';

const keys = (design: Design, area: Area) => design.fields[area].map(({ key }) => key);
const all = (design: Design) => placedFields(design).map(({ field }) => field.key).sort();

describe('moving fields', () => {
  it.each([
    ['within an area', 'reward', { area: 'secondary', index: 1 }, ['left', 'reward']],
    ['to the end of another', 'stamps', { area: 'secondary', index: Infinity }, ['reward', 'left', 'stamps']],
    ['before another', 'member', { area: 'secondary', index: 0 }, ['member', 'reward', 'left']],
    ['onto itself', 'left', { area: 'secondary', index: 1 }, ['reward', 'left']],
  ] as const)('%s', (_, key, to, expected) => {
    const design = sample();
    const from = findField(design, key);
    const moved = from && moveField(design, from, to);
    expect(moved && keys(moved, 'secondary')).toEqual(expected);
    expect(moved && all(moved)).toEqual(all(design));
  });

  it('loses and doubles nothing, wherever a field goes', () => {
    const design = sample();
    for (const { area, index } of placedFields(design)) {
      for (const target of AREAS) {
        for (let place = 0; place <= design.fields[target].length; place += 1) {
          expect(all(moveField(design, { area, index }, { area: target, index: place }))).toEqual(all(design));
        }
      }
    }
  });

  it('stops where the API keeps no more', () => {
    let design = sample();
    for (let number = 0; number < 20; number += 1) design = addField(design, 'header');
    expect(design.fields.header).toHaveLength(KEPT.header);
    expect(moveField(design, { area: 'auxiliary', index: 0 }, { area: 'header', index: 0 })).toBe(design);
    expect(neighbour(design, { area: 'primary', index: 0 }, -1)).toBeNull();
  });

  it('goes over the border of an area with the buttons', () => {
    const design = sample();
    expect(neighbour(design, { area: 'secondary', index: 0 }, 1)).toEqual({ area: 'secondary', index: 1 });
    expect(neighbour(design, { area: 'secondary', index: 1 }, 1)).toEqual({ area: 'auxiliary', index: 0 });
    expect(neighbour(design, { area: 'secondary', index: 0 }, -1)).toEqual({ area: 'primary', index: 0 });
    expect(neighbour(design, { area: 'header', index: 0 }, -1)).toBeNull();
    expect(neighbour(design, { area: 'back', index: 0 }, 1)).toBeNull();
  });
});

describe('adding and removing', () => {
  it('gives each field a key of its own', () => {
    const design = addField(addField(sample(), 'primary'), 'back');
    expect(new Set(all(design)).size).toBe(all(design).length);
    expect(freshKey(design)).toBe('field_3');
  });

  it('takes out one field', () => {
    expect(keys(removeField(sample(), { area: 'secondary', index: 0 }), 'secondary')).toEqual(['left']);
  });

  it('lets translations follow a text that is rewritten', () => {
    const design = changeField(sample(), { area: 'header', index: 0 }, { label: 'MY STAMPS' });
    expect(design.translations.fr).toMatchObject({ 'MY STAMPS': 'TAMPONS' });
    expect(design.translations.fr).not.toHaveProperty('STAMPS');
  });
});

describe('what wallets show', () => {
  it('counts what Apple hides', () => {
    let design = sample();
    expect(hiddenOnApple(design, 'header')).toBe(0);
    for (let number = 0; number < 4; number += 1) design = addField(design, 'header');
    expect(hiddenOnApple(design, 'header')).toBe(2);
    expect(hiddenOnApple(design, 'back')).toBe(0);
  });

  it('fills Google’s rows in twos while they fit, then in threes', () => {
    let design = sample();
    expect(googleRows(design)).toEqual([['stamps', 'reward'], ['left', 'member']]);
    for (let number = 0; number < 3; number += 1) design = addField(design, 'primary');
    expect(googleRows(design).map((row) => row.length)).toEqual([3, 3, 1]);
  });

  it('counts what Google hides', () => {
    let design = sample();
    for (let number = 0; number < 9; number += 1) design = addField(design, 'secondary');
    expect(hiddenOnGoogle(design)).toBe(1);
  });
});
