/** Coupons, gift cards and points: all of them need the server, for only it knows what is left. */
import { type Schemas, api, data } from '@/lib/api';

import { isReachable, reach } from '../till/network';
import { type Booked, type Counter, NOTHING_TOLD, type Scanned, bookOrKeep, newEntry, recordPurchase, secondsAgo } from './booking';
import type { Balance } from './cards';

export type Quote = Schemas['passerelle__rewards__payments__schemas__QuoteOut'];

/** How many units may pay for a bill. */
export async function quotePayment(scanned: Scanned, amountMinor: number): Promise<Quote> {
  const body = { code: scanned.code, scanned_seconds_ago: secondsAgo(scanned.scannedAt), amount_minor: amountMinor };
  return reach(async (signal) => data(await api.POST('/api/v1/scans/payments/quote', { body, signal })));
}

/** Units for a part of a bill; the same `id` makes trying again harmless. */
export interface Units {
  readonly id: string;
  readonly unit: string;
  readonly count: number;
}

/** Pay a part of a bill with units and record the bill. If the bill is refused, the units are given back. */
export async function payAndRecord(counter: Counter, scanned: Scanned, amountMinor: number, units: Units): Promise<Booked> {
  const body = {
    code: scanned.code,
    scanned_seconds_ago: secondsAgo(scanned.scannedAt),
    amount_minor: amountMinor,
    units: units.count,
    unit: units.unit,
    reference: units.id,
    location_id: counter.device?.location_id ?? null,
  };
  const paid = await reach(async (signal) => data(await api.POST('/api/v1/scans/payments', { body, signal })));
  try {
    const booked = await recordPurchase(counter, scanned, amountMinor, { id: units.id, paymentIds: [paid.id] });
    return { ...booked, discountMinor: paid.discount_minor, stillToPayMinor: amountMinor - paid.discount_minor };
  } catch (fault) {
    if (isReachable()) {
      await api.POST('/api/v1/scans/payments/{payment_id}/undo', { params: { path: { payment_id: paid.id } } });
    }
    throw fault;
  }
}

/** What a coupon or a gift card is used for; the same `id` makes trying again harmless. */
export interface Use {
  readonly id: string;
  readonly amountMinor: number | null;
}

/** `card`: the customer's card as it was scanned before, for coupons that ask who they are. */
export async function redeemCoupon(counter: Counter, scanned: Scanned, use: Use, card: Pick<Scanned, 'code' | 'scannedAt'> | null): Promise<Booked> {
  const { id, amountMinor } = use;
  const entry = newEntry(counter, scanned, { id, kind: 'coupon', what: scanned.who, amount_minor: amountMinor ?? 0 });
  return bookOrKeep(counter, entry, null, async (signal) => {
    const holder = { card: card?.code ?? null, card_scanned_seconds_ago: secondsAgo(card?.scannedAt) };
    const body = { code: scanned.code, ...holder, amount_minor: amountMinor, currency: scanned.currency, ...placeOf(counter, id) };
    const told = data(await api.POST('/api/v1/scans/coupons/redeem', { body, signal }));
    const stillToPayMinor = amountMinor === null ? null : amountMinor - told.discount_minor;
    return [{ by: 'coupon', id: told.id }, { ...NOTHING_TOLD, discountMinor: told.discount_minor, stillToPayMinor }];
  });
}

/** Takes what is there; the answer says what is still to pay. */
export async function redeemGiftCard(counter: Counter, scanned: Scanned, id: string, amountMinor: number, pin: string | null): Promise<Booked> {
  const entry = newEntry(counter, scanned, { id, kind: 'gift_card', what: scanned.who, amount_minor: amountMinor });
  return bookOrKeep(counter, entry, null, async (signal) => {
    const bill = { amount_minor: amountMinor, currency: scanned.currency, allow_partial: true };
    const body = { code: scanned.code, pin, ...bill, ...placeOf(counter, id) };
    const told = data(await api.POST('/api/v1/scans/gift-cards/redeem', { body, signal }));
    const taken = amountMinor - told.still_to_pay_minor;
    const answer = { ...NOTHING_TOLD, stillToPayMinor: told.still_to_pay_minor };
    return [{ by: 'gift_card', id: told.id }, answer, { amount_minor: taken }];
  });
}

const placeOf = (counter: Counter, reference: string) => ({ reference, location_id: counter.device?.location_id ?? null });

/** An amount of money is told by itself; of everything else there are so many of what the program calls them. */
export const wordsOf = (unit: Pick<Balance, 'currency' | 'name'> | undefined) => ({
  context: unit !== undefined && unit.currency !== null ? 'money' : '',
  name: unit?.name ?? '',
});
