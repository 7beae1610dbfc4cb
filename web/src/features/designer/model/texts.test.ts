import { describe, expect, it } from 'vitest';

import { sample } from '../testing';

import { contrast, contrastFaults, mix, readable, readableOn } from './colours';
import { changeField } from './fields';
import { rowsOf, spotsOf } from './stamps';
import { hasWords, inWords, languagesOf, textsOf, toCheck, translate, untranslated } from './texts';

describe('texts as a person says them', () => {
  const placeholders = [
    { name: 'balance.points', meaning: 'Points' },
    { name: 'reward.missing', meaning: 'What is missing' },
  ];

  it.each([
    ['Hello', 'Hello'],
    ['{{ balance.points | number }} pts', '‹Points› pts'],
    ['{% if reward.ready %}Yours!{% else %}{{ reward.missing }}{% endif %}', 'Yours! / ‹What is missing›'],
    ['{{ nobody.knows }}', '‹nobody.knows›'],
    ['', ''],
  ])('%s is %s', (text, told) => {
    expect(inWords(text, placeholders)).toBe(told);
  });
});

describe('translations', () => {
  it.each([
    ['{{ pass.code }}', false],
    ['{{ stamps.count }}/{{ stamps.goal }}', false],
    ['%@', false],
    ['https://cafe.example/a', false],
    ['hello@cafe.example', false],
    ['2026', false],
    ['{% if reward.ready %}Ready{% endif %}', true],
    ['مرحبا', true],
    ['', false],
  ])('%s has words: %s', (text, expected) => {
    expect(hasWords(text)).toBe(expected);
  });

  it('knows what is missing, names aside', () => {
    const design = sample();
    expect(untranslated(design, 'fr').map(({ text }) => text)).toEqual(['Loyalty card', 'You now have %@ stamps', 'STILL TO GO', 'MEMBER', 'Member since']);
    expect(textsOf(design).filter(({ isName }) => isName).map(({ text }) => text)).toEqual(['Coffee Club', 'Café Central']);
    expect(untranslated(translate(design, 'fr', 'MEMBER', 'MEMBRE'), 'fr').map(({ text }) => text)).not.toContain('MEMBER');
    expect(languagesOf(design)).toEqual(['en', 'fr']);
  });

  it('marks a translation that is older than its text', () => {
    const saved = sample();
    const design = changeField(saved, { area: 'header', index: 0 }, { label: 'CUPS' });
    expect(toCheck(design, saved, 'fr').map(({ text }) => text)).toEqual(['CUPS']);
    expect(toCheck(translate(design, 'fr', 'CUPS', 'TASSES'), saved, 'fr')).toEqual([]);
    expect(toCheck(saved, saved, 'fr')).toEqual([]);
  });

  it('forgets a translation that is emptied', () => {
    expect(translate(sample(), 'fr', 'STAMPS', '').translations.fr).not.toHaveProperty('STAMPS');
  });
});

describe('colours', () => {
  it('has the figures of WCAG', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
    expect([readableOn('#5b3a29'), readableOn('#f8f1e7')]).toEqual(['#ffffff', '#000000']);
  });

  it('warns of what is hard to read, and mends it', () => {
    const design = sample({ colours: { background: '#5b3a29', foreground: '#7a5a49', label: '#f2d9c2' } });
    const [fault, ...others] = contrastFaults(design);
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ path: 'colours.foreground', least: 4.5 });
    expect(fault && contrast(fault.better, '#5b3a29')).toBeGreaterThanOrEqual(4.5);
    expect(readable('#ffffff', '#000000', 4.5)).toBe('#ffffff');
  });
});

describe('drawn stamps', () => {
  it.each([
    [1, [1]],
    [6, [6]],
    [7, [4, 3]],
    [10, [5, 5]],
    [15, [5, 5, 5]],
    [30, [8, 8, 7, 7]],
  ])('%i stand in rows of %j', (goal, rows) => {
    expect(rowsOf(goal)).toEqual(rows);
  });

  it('stay within the picture', () => {
    for (let goal = 1; goal <= 30; goal += 1) {
      const { diameter, at } = spotsOf(goal, 375, 144);
      expect(at).toHaveLength(goal);
      for (const { x, y } of at) {
        expect(Math.min(x, y, 375 - x - diameter, 144 - y - diameter)).toBeGreaterThan(0);
      }
    }
  });
});
