import { expect, it } from 'vitest';

import { contrast } from '@/lib/colours';
import { wallTime } from '@/lib/zones';

import { strongest } from './logoColours';
import { KINDS, PROGRAM_KINDS, answersOf, campaignOf, eventOf, knownOf, productOf, programOf } from './offers';
import { PALETTES, USUAL, paletteOf } from './palettes';

it('every look of every colour can be read', () => {
  for (const brand of [...USUAL, '#ffffff', '#000000', '#ffe066', '#808080', '#ff00aa']) {
    for (const name of PALETTES) {
      const { background, foreground, label } = paletteOf(name, brand);
      expect(contrast(foreground, background), `${name} of ${brand}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(label, background), `${name} of ${brand}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});

const pixels = (...runs: readonly (readonly [number, readonly number[]])[]) => runs.flatMap(([count, colour]) => Array.from({ length: count }, () => colour).flat());

it('finds the colours that a logo is known by: not its white, not what is empty', () => {
  const logo = pixels([500, [255, 255, 255, 255]], [900, [10, 200, 30, 0]], [120, [176, 58, 46, 255]], [100, [40, 40, 40, 255]], [60, [252, 211, 119, 255]]);
  expect(strongest(logo)).toEqual(['#b03a2e', '#fcd377', '#282828']);
  expect(strongest(pixels([10, [255, 255, 255, 255]]))).toEqual([]);
});

it.each(PROGRAM_KINDS)('%s: what is suggested opens at once, in three languages', (kind) => {
  const program = programOf(kind, answersOf(kind, 'fr', 'MAD'), 'fr');
  expect(program).toMatchObject({ kind, state: 'active' });
  expect(Object.keys(program.names ?? {})).toEqual(['en', 'ar']);
  expect(program.reward_name !== undefined).toBe(kind === 'stamps' || kind === 'points');
});

it('translates only what was left as it was suggested', () => {
  const answers = { ...answersOf('stamps', 'en', 'EUR'), reward: 'A croissant', goal: 6, stampFor: 'item' as const };
  expect(programOf('stamps', answers, 'en')).toMatchObject({
    goal: 6,
    reward_name: 'A croissant',
    reward_names: {},
    names: { fr: 'Carte à tampons' },
    rules: [{ type: 'per_item', unit: 'stamps', units_per_item: 1 }],
  });
});

it('asks for money in the smallest unit', () => {
  expect(programOf('points', answersOf('points', 'en', 'TND'), 'en').rules).toEqual([{ type: 'per_amount', unit: 'points', amount_minor_per_step: 1000, units_per_step: 1 }]);
  expect(productOf({ ...answersOf('gift_card', 'en', 'JPY'), amounts: [50, 20, 50] }, 'en', 'tpl_1').amounts).toEqual({ amounts_minor: [20, 50] });
  expect(campaignOf(answersOf('coupon', 'ar', 'EUR'), 'ar', 'tpl_1').terms.effect).toEqual({ type: 'percent_off', basis_points: 1000 });
});

it('shows the first card with what was answered', () => {
  expect(knownOf({ kind: 'coupon', answers: answersOf('coupon', 'en', 'EUR') }, 'EUR')).toMatchObject({ 'coupon.value': '−10%' });
  expect(knownOf({ kind: 'gift_card', answers: answersOf('gift_card', 'en', 'EUR') }, 'EUR')).toMatchObject({ 'gift_card.balance': '€20.00' });
  expect(answersOf('gift_card', 'fr', 'MAD').amounts).toEqual([10_000, 20_000, 50_000]);
  expect(answersOf('gift_card', 'en', 'JPY').amounts).toEqual([1000, 3000, 5000]);
  expect(knownOf({ kind: 'points', answers: answersOf('points', 'en', 'EUR') }, 'EUR')).toMatchObject({ 'balance.points': '60', 'reward.missing': '40' });
  expect(knownOf({ kind: 'membership', answers: answersOf('membership', 'en', 'EUR') }, 'EUR')).toEqual({});
});

it('plans an event at the shop, in a week, in the evening there', () => {
  const place = { name: 'Café', address: '1 rue Neuve', timeZone: 'Africa/Casablanca' };
  const event = eventOf(answersOf('ticket', 'fr', 'MAD', place), 'fr', 'tpl_1');
  expect(event).toMatchObject({ venue_name: 'Café', venue_address: '1 rue Neuve', capacity: 50, template_id: 'tpl_1', names: { en: 'Opening night' } });
  expect(wallTime(event.starts_at, 'Africa/Casablanca').slice(11)).toBe('20:00');
  expect(Date.parse(event.starts_at)).toBeGreaterThan(Date.now());
});

it('asks how long a membership runs, and what that costs', () => {
  const answers = answersOf('membership', 'en', 'MAD');
  expect(programOf('membership', answers, 'en').settings).toBeUndefined();
  expect(programOf('membership', { ...answers, runs: 'month' }, 'en').settings).toEqual({ term: { months: 1, price_minor: 10_000, joining: 'unpaid' } });
  expect(programOf('membership', { ...answers, runs: 'year', dues: 0 }, 'en').settings).toEqual({ term: { years: 1, price_minor: 0, joining: 'open' } });
  expect(programOf('membership', { ...answers, runs: 'day', endsOn: '2026-08-31' }, 'en').settings).toEqual({ term: { ends_on: '08-31', price_minor: 10_000, joining: 'unpaid' } });
  expect(programOf('stamps', { ...answersOf('stamps', 'en', 'EUR'), runs: 'year' }, 'en').settings).toBeUndefined();
  const older = Object.fromEntries(Object.entries(answers).filter(([asked]) => !['runs', 'dues', 'endsOn'].includes(asked))) as unknown as typeof answers;
  expect(programOf('membership', older, 'en').settings).toBeUndefined();
});

it('has an answer for everything', () => {
  for (const kind of KINDS) expect(answersOf(kind, 'ar', 'EUR').name).not.toBe('');
});
