import { expect, it } from 'vitest';

import { saleIn } from './SellPage';
import { amountsOf, newProduct, productIn, valuesOf } from './product';

it('sends fixed amounts in order and once, or a range', () => {
  const values = { ...newProduct('EUR'), amounts: [5000, 2000, 5000] };
  expect(amountsOf(values)).toEqual({ amounts_minor: [2000, 5000] });
  expect(amountsOf({ ...values, isOpen: true })).toEqual({ minimum_minor: 1000, maximum_minor: 20_000 });
});

it('opens a saved product and sends it back as it was', () => {
  const saved = { id: 'gcp_1', name: 'Card', names: {}, currency: 'EUR', foreign_currency: false, amounts: { minimum_minor: 500, maximum_minor: 900 }, expires_after_months: null, reloadable: false, max_balance_minor: 1000, template_id: null, active: true, created_at: '2026-11-22T12:00:00Z' };
  expect(productIn(valuesOf(saved))).toEqual({ name: 'Card', names: {}, amounts: saved.amounts, expires_after_months: null, reloadable: false, active: true, max_balance_minor: 1000 });
});

it('sells with what was filled in alone', () => {
  const nothing = { amount: 5000, code: '', pin: '', sender: ' ', recipient: 'Sara', email: '', message: '', deliverAt: null };
  expect(saleIn(nothing, 'gcp_1')).toEqual({ product_id: 'gcp_1', amount_minor: 5000, recipient_name: 'Sara' });
});
