import { beforeAll, describe, expect, it } from 'vitest';

import { i18n, i18nReady } from '@/lib/i18n';
import { plain } from '@/testing/plain';

import type { Rule } from './kinds';
import { promotionSentence } from './promotionSentence';
import { ruleSentence } from './sentence';
import type { Words } from './words';

const POINTS = {
  code: 'points',
  kind: 'points',
  currency: null,
  decimals: 0,
  names: {
    en: { one: 'point', other: 'points' },
    fr: { one: 'point', other: 'points' },
    ar: { zero: 'نقطة', one: 'نقطة', two: 'نقطتان', few: 'نقاط', many: 'نقطة', other: 'نقطة' },
  },
};
const CREDIT = { code: 'money', kind: 'money', currency: 'EUR', decimals: 2, names: { en: { other: 'credit' } } };

function wordsIn(language: string): Words {
  return {
    t: i18n.getFixedT(language, 'earning'),
    language,
    currency: 'EUR',
    timeZone: 'Europe/Paris',
    units: [POINTS, CREDIT],
    locations: new Map([
      ['loc_1', 'Gare'],
      ['loc_2', 'Centre'],
    ]),
    tiers: new Map([['tir_1', 'Gold']]),
  };
}


async function told(language: string, rule: Rule): Promise<string> {
  await i18n.changeLanguage(language);
  return plain(ruleSentence(rule, wordsIn(language)));
}

const BUSY: Rule = {
  type: 'per_amount',
  unit: 'points',
  amount_minor_per_step: 100,
  units_per_step: 1,
  conditions: { weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'], hours: [{ from: '14:00', to: '17:00' }] },
  caps: [{ per: 'day', units: 50 }],
};
const RULES: readonly (readonly [Rule, string, string, string])[] = [
  [
    BUSY,
    '1 point per €1.00, on weekdays, 14:00–17:00, at most 50 points a day',
    '1 point par tranche de 1,00 €, du lundi au vendredi, de 14:00 à 17:00, au plus 50 points par jour',
    '١ نقطة لكل ١٫٠٠ €، من الاثنين إلى الجمعة، من ١٤:٠٠ إلى ١٧:٠٠، ٥٠ نقطة على الأكثر في اليوم',
  ],
  [
    { type: 'per_visit', unit: 'points', units: 3, once_per_day: true, conditions: { first_purchase: true } },
    '3 points per visit, once a day, on the first purchase',
    '3 points par visite, une fois par jour, au premier achat',
    '٣ نقاط لكل زيارة، مرة واحدة في اليوم، عند أول شراء',
  ],
  [
    { type: 'per_percent', unit: 'money', basis_points: 250, base: { taxes: false }, minimum_amount_minor: 1000 },
    '2.5% of the purchase back, from €10.00, without taxes',
    "2,5 % de l'achat en retour, dès 10,00 €, sans compter les taxes",
    'استرداد ٢٫٥٪ من قيمة الشراء، ابتداءً من ١٠٫٠٠ €، دون احتساب الضرائب',
  ],
  [
    { type: 'per_item', unit: 'points', units_per_item: 2, categories: ['coffee', 'tea'], minimum_quantity: 2, times: [{ per: 'week', times: 2 }] },
    '2 points per item of coffee or tea, from 2 items on, at most 2 times a week',
    '2 points par article (coffee ou tea), à partir de 2 articles, au plus 2 fois par semaine',
    '٢ نقطتان لكل صنف من coffee أو tea، ابتداءً من صنفين، مرتين على الأكثر في الأسبوع',
  ],
  [
    { type: 'per_event', unit: 'points', event: 'review', units: 10, conditions: { attributes: [{ name: 'stars', at_least: 4 }] }, timing: { pending: { type: 'for', days: 3 }, expiry: { type: 'after', days: 365 } } },
    '10 points for the event review, when stars is at least 4, usable after 3 days, lapsing after 365 days',
    "10 points pour l'événement review, quand stars vaut au moins 4, utilisable après 3 jours, expire après 365 jours",
    '١٠ نقاط عن الحدث review، عندما stars لا يقل عن 4، تصبح صالحة بعد ٣ أيام، تنتهي بعد ٣٦٥ يومًا',
  ],
  [
    {
      type: 'per_visit',
      unit: 'points',
      units: 1,
      cap_per_day: 5,
      cooldown_minutes: 120,
      conditions: { weekdays: ['tue'], locations: ['loc_1', 'loc_2'], tiers: ['tir_1'], channels: ['online'], starts_at: '2026-11-30T23:00:00Z', ends_at: '2026-12-31T23:00:00Z' },
    },
    '1 point per visit, on Tuesdays, from Dec 1, 2026, until Dec 31, 2026, at Gare or Centre, for Gold members, online, at most 5 points a day, not again within 2 hours',
    '1 point par visite, le mardi, à partir du 1 déc. 2026, jusqu\'au 31 déc. 2026 inclus, à Gare ou Centre, pour les membres Gold, en ligne, au plus 5 points par jour, pas deux fois en 2 heures',
    '١ نقطة لكل زيارة، أيام الثلاثاء، ابتداءً من ٠١‏/١٢‏/٢٠٢٦، حتى ٣١‏/١٢‏/٢٠٢٦ ضمنًا، في Gare أو Centre، لأعضاء Gold، عبر الإنترنت، ٥ نقاط على الأكثر في اليوم، لا تتكرر خلال ساعتان',
  ],
];

beforeAll(async () => {
  await i18nReady;
  await i18n.loadNamespaces('earning');
  await i18n.loadLanguages(['en', 'fr', 'ar']);
});

describe('a rule is a sentence', () => {
  it.each(RULES)('%#: in English', async (rule, english) => {
    expect(await told('en', rule)).toBe(plain(english));
  });
  it.each(RULES)('%#: in French', async (rule, _english, french) => {
    expect(await told('fr', rule)).toBe(plain(french));
  });
  it.each(RULES)('%#: in Arabic', async (rule, _english, _french, arabic) => {
    expect(await told('ar', rule)).toBe(plain(arabic));
  });
});

describe('a promotion is a sentence', () => {
  it.each([
    ['en', 'Double points, on Tuesdays, once per customer, at most 500 points in all'],
    ['fr', 'Deux fois plus de points, le mardi, 1 fois par client, au plus 500 points en tout'],
    ['ar', 'ضعف نقاط، أيام الثلاثاء، مرة واحدة لكل زبون، ٥٠٠ نقطة على الأكثر إجمالًا'],
  ])('in %s', async (language, sentence) => {
    await i18n.changeLanguage(language);
    const promotion = { name: 'Happy', effect: { type: 'multiplier', percent: 200 } as const, conditions: { weekdays: ['tue' as const] }, budget_units: 500, limit_per_customer: 1 };
    expect(plain(promotionSentence(promotion, wordsIn(language)))).toBe(plain(sentence));
  });
});

it('keeps the direction of what people wrote apart', async () => {
  await i18n.changeLanguage('ar');
  expect(ruleSentence({ type: 'per_event', unit: 'points', event: 'review' }, wordsIn('ar'))).toContain('\u2068review\u2069');
});
