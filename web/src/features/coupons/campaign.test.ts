import { expect, it } from 'vitest';

import { type Campaign, campaignChange, campaignIn, givenAfter, newCampaign, valuesOf } from './campaign';
import { example } from './example';

const SAVED: Campaign = {
  id: 'ccm_1',
  name: 'Autumn',
  names: { fr: 'Automne' },
  state: 'active',
  program_id: 'prg_1',
  currency: 'EUR',
  time_zone: 'Europe/Paris',
  starts_at: null,
  ends_at: null,
  ended_at: null,
  pattern: { prefix: 'FALL', length: 12, group: 4, check_letter: false },
  terms: { effect: { type: 'amount_off', amount_minor: 500 }, uses_per_code: null, conditions: { minimum_basket_minor: 1000 } },
  template_id: null,
  after_purchase: { minimum_amount_minor: 2000, at_once: 1 },
  codes: 3,
  given: null,
  created_at: '2026-11-22T12:00:00Z',
};

it('opens a saved campaign and sends it back as it was', () => {
  const sent = campaignChange(valuesOf(SAVED));
  expect(sent).toMatchObject({ name: 'Autumn', names: { fr: 'Automne' }, pattern: SAVED.pattern, terms: SAVED.terms });
  expect(sent.after_purchase).toEqual(SAVED.after_purchase);
  expect(sent).not.toHaveProperty('program_id');
  expect(sent).not.toHaveProperty('state');
});

it('fills in what the server took for what was left out', () => {
  expect(valuesOf(SAVED).terms).toMatchObject({ stacking: 'exclusive', holder_only: false, limits: [], conditions: { skus: [], hours: [] } });
});

it('begins with a discount that each code gives once', () => {
  expect(campaignIn(newCampaign(), true)).toMatchObject({ state: 'draft', terms: { effect: { type: 'percent_off', basis_points: 1000 }, uses_per_code: 1 } });
});

it('gives personal codes after purchases, one at a time and for a month', () => {
  expect(givenAfter(newCampaign())).toMatchObject({ after_purchase: { at_once: 1 }, terms: { holder_only: true, ends_days_after_issue: 30 } });
});

it.each([
  [{ prefix: 'fall', length: 8, group: 4 }, 'FALL-K7RM-2XQ9'],
  [{ prefix: '', length: 6, group: 0 }, 'K7RM2X'],
])('shows what a code looks like', (pattern, code) => {
  expect(example(pattern)).toBe(code);
});
