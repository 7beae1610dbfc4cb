import { describe, expect, it } from 'vitest';

import { sample, sampleFacts } from '../testing';

import type { Content } from './design';
import { Moment, factsFor, styled } from './facts';
import { rendered } from './liquid';
import { googleFace, showCard } from './shown';

const show = (changes: Partial<Content> = {}, language = 'en', facts: Record<string, string | number | boolean | null> = {}) => {
  const design = sample(changes);
  return showCard(design, sampleFacts(design, facts), language);
};

describe('the card of a customer', () => {
  it('fills placeholders, and counts stamps to its own goal', () => {
    const card = show();
    expect(card.fields.header[0]?.value).toBe('7/8');
    expect(card.fields.secondary.map(({ value }) => value)).toEqual(['Free coffee', '1']);
    expect(card.stamps).toEqual({ count: 7, goal: 8 });
    expect(card.barcode?.message).toBe('7K2M-9QXD');
  });

  it('shows a full card as full whatever its goal', () => {
    const card = show({ stamps: { goal: 5 } }, 'en', { 'stamps.count': 10, 'reward.ready': true });
    expect(card.fields.header[0]?.value).toBe('5/5');
    expect(card.fields.secondary[1]?.value).toBe('Ready for you');
  });

  it('speaks another language, and translates what a placeholder brings in', () => {
    const card = show({}, 'fr');
    expect(card.fields.header[0]?.label).toBe('TAMPONS');
    expect(card.fields.secondary[0]?.value).toBe('Café offert');
    expect(card.fields.auxiliary[0]?.label).toBe('MEMBER');
    expect(card.fields.back[0]?.value).toBe('1 mars 2026');
    expect(show({}, 'ar').direction).toBe('rtl');
  });

  it('leaves out a field without a value', () => {
    const card = show({ fields: { header: [{ key: 'tier', label: 'LEVEL', value: '{{ tier.name }}' }] } });
    expect(card.fields.header).toEqual([]);
  });

  it('is a Google card, too', () => {
    const design = sample();
    const face = googleFace(design, showCard(design, sampleFacts(design), 'en'));
    expect([face.issuer, face.large]).toEqual(['Café Central', 'Coffee Club']);
    expect(face.rows.map((row) => row.map(({ key }) => key))).toEqual([['stamps', 'reward'], ['left', 'member']]);
    expect(face.details.map(({ key }) => key)).toEqual(['reward', 'left', 'member', 'since']);
  });
});

describe('texts with placeholders', () => {
  const facts = factsFor({ 'balance.points': 1200, 'customer.first_name': 'Lina', 'event.starts': '2027-05-21T20:00:00+01:00' }, new Map([['event.starts', 'date']]), { organization_name: 'Café', title: 'Club', stamps: null });

  it.each([
    ['Hello {{ customer.first_name }}!', 'Hello Lina!'],
    ['{{ balance.points | number }}', '1,200'],
    ['{{ balance.points | divided_by: 100 | plus: 1 }}', '13'],
    ['{{ customer.first_name | upcase }}', 'LINA'],
    ['{% if balance.points > 1000 %}much{% else %}little{% endif %}', 'much'],
    ['{{ event.starts | date: "short" }}', '5/21/27, 8:00 PM'],
    ['{{ nobody.knows }}', ''],
  ])('%s', (source, expected) => {
    expect(rendered(source, facts, 'en').replaceAll('\u202f', ' ')).toBe(expected);
  });

  it.each(['{{ unclosed', '{% if %}', '{{ 1 | no_such_filter }}', '{% include "x" %}'])('shows nothing for %s', (source) => {
    expect(rendered(source, facts, 'en')).toBe('');
  });

  it('gives up on a text that would not end', () => {
    const started = performance.now();
    expect(rendered('{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}', facts, 'en')).toBe('');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('formats', () => {
  const field = { format: 'currency', length: 'medium', currency: 'EUR' } as const;
  it.each([
    [2_500, field, '€25.00'],
    [2_500, { ...field, currency: 'JPY' }, '¥2,500'],
    [2_500, { ...field, currency: 'E' }, '2500'],
    [0.5, { ...field, format: 'percent' }, '50%'],
    [1_200, { ...field, format: 'decimal' }, '1,200'],
    [new Moment('2026-03-01', 'en'), { ...field, format: 'date', length: 'full' }, 'Sunday, March 1, 2026'],
  ] as const)('%s', (value, format, expected) => {
    expect(styled(value, format, 'en')).toBe(expected);
  });
});
