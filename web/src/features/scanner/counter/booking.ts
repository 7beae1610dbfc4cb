/**
 * What a cashier does: booked by the server, or kept in the queue when it cannot be reached. A call of which nobody knows
 * whether it arrived is kept with the same reference, so it is booked once.
 */
import { Problem, type Schemas, api, data } from '@/lib/api';
import { i18n } from '@/lib/i18n';

import type { Device, Draft, Entry, TillDatabase } from '../offline/database';
import { enqueue } from '../offline/queue';
import { isReachable, isUnreachable, reach } from '../till/network';
import type { Balance, ReadyReward } from './cards';

/** Where something is done, and by whom. */
export interface Counter {
  readonly db: TillDatabase;
  readonly device: Device | null;
  readonly actor: string;
}

/** What was scanned, as far as the journal keeps it. */
export interface Scanned {
  readonly code: string;
  /** When a card was scanned: codes that change are judged by it. */
  readonly scannedAt?: number;
  /** `null` for what is no card, and for cards that nobody knows without a network. */
  readonly membershipId: string | null;
  readonly who: string;
  readonly currency: string;
}

/** What was done, and what the server said; without it, nothing is known but that it is kept. */
export interface Booked {
  readonly entry: Entry;
  readonly earned: readonly Schemas['AccruedOut'][];
  readonly balances: readonly Balance[];
  readonly rewards: readonly ReadyReward[];
  /** What a purchase gave for the next one. */
  readonly coupons: readonly Schemas['GivenCouponOut'][];
  readonly discountMinor: number | null;
  readonly stillToPayMinor: number | null;
  /** The last day of a membership that was renewed. */
  readonly goodUntil: string | null;
  /** Of an event or a location: how many are in, of how many tickets or places; `null` where there is no limit. */
  readonly admitted: { readonly used: number; readonly issued: number | null } | null;
  readonly went: 'in' | 'out';
}

/** So long a card may lie on the counter. */
const SCAN_COUNTS_MS = 15 * 60_000;

/** How long ago a card was scanned, for the server, whose clock is another; what is too long ago counts as now. */
export function secondsAgo(scannedAt: number | undefined): number {
  const ago = scannedAt === undefined ? 0 : Date.now() - scannedAt;
  return ago > 0 && ago < SCAN_COUNTS_MS ? Math.floor(ago / 1_000) : 0;
}

/** The same for the queue, by this till's clock. */
const inQueue = ({ scannedAt }: Scanned) => (secondsAgo(scannedAt) > 0 && scannedAt !== undefined ? { scanned_at: new Date(scannedAt).toISOString() } : {});

type Told = Omit<Booked, 'entry'>;
export const NOTHING_TOLD: Told = {
  earned: [],
  balances: [],
  rewards: [],
  coupons: [],
  discountMinor: null,
  stillToPayMinor: null,
  goodUntil: null,
  admitted: null,
  went: 'in',
};

export function newEntry(counter: Counter, scanned: Scanned, fields: Pick<Entry, 'kind'> & Partial<Entry>): Entry {
  return {
    id: crypto.randomUUID(),
    at: new Date().toISOString(),
    actor: counter.actor,
    state: 'booked',
    offline: false,
    code: scanned.code,
    who: scanned.who,
    amount_minor: 0,
    currency: scanned.currency,
    units: null,
    what: '',
    reward_id: null,
    undo: null,
    reason: null,
    unread: false,
    ...fields,
  };
}

const placed = (counter: Counter, { scannedAt }: Scanned) => ({
  location_id: counter.device?.location_id ?? null,
  scanned_seconds_ago: secondsAgo(scannedAt),
});

/** What was paid with points before: the payments, and the id that makes trying again harmless. */
export interface PaidBefore {
  readonly id: string;
  readonly paymentIds: readonly string[];
}

export async function recordPurchase(counter: Counter, scanned: Scanned, amountMinor: number, paid?: PaidBefore): Promise<Booked> {
  const entry = newEntry(counter, scanned, { kind: 'purchase', amount_minor: amountMinor, ...(paid && { id: paid.id }) });
  const told = { code: scanned.code, amount_minor: amountMinor, currency: scanned.currency, external_reference: entry.id };
  // The queue knows nothing of payments.
  return bookOrKeep(counter, entry, paid ? null : { kind: 'purchase', ...told, ...inQueue(scanned) }, async (signal) => {
    const body = { ...told, ...placed(counter, scanned), payment_ids: [...(paid?.paymentIds ?? [])] };
    const { purchase, earned, rewards, coupons } = data(await api.POST('/api/v1/scans/purchases', { body, signal }));
    const balances = earned.find((one) => one.membership_id === scanned.membershipId)?.balances ?? [];
    return [{ by: 'purchase', id: purchase.id }, { ...NOTHING_TOLD, earned, rewards, balances, coupons }];
  });
}

const CODE = /^[0-9a-z]{12}$/i;

/** A receipt that was told without a customer: by the code that is printed on it, else by its number. */
export async function claimReceipt(counter: Counter, scanned: Scanned, typed: string): Promise<Booked> {
  const entry = newEntry(counter, scanned, { kind: 'purchase', what: typed });
  return bookOrKeep(counter, entry, null, async (signal) => {
    const which = CODE.test(typed.replace(/[\s-]/g, '')) ? { receipt: typed } : { reference: typed };
    const body = { ...which, card: scanned.code, card_scanned_seconds_ago: secondsAgo(scanned.scannedAt) };
    const { purchase, earned } = data(await api.POST('/api/v1/receipts/claims', { body, signal }));
    const balances = earned.find((one) => one.membership_id === scanned.membershipId)?.balances ?? [];
    const known = { amount_minor: purchase.amount_minor - (purchase.refunded_minor ?? 0) };
    return [{ by: 'purchase', id: purchase.id }, { ...NOTHING_TOLD, earned, balances }, known];
  });
}

/** `units` as the cashier counted them; `null`: as the program counts a visit. */
export async function recordVisit(counter: Counter, scanned: Scanned, units: number | null): Promise<Booked> {
  const entry = newEntry(counter, scanned, { kind: 'visit', units });
  const told = { code: scanned.code, reference: entry.id, ...(units === null ? {} : { units }) };
  return bookOrKeep(counter, entry, { kind: 'visit', ...told, ...inQueue(scanned) }, async (signal) => {
    const body = { ...told, ...placed(counter, scanned) };
    const { reference, earned, rewards } = data(await api.POST('/api/v1/scans/visits', { body, signal }));
    return [{ by: 'visit', id: reference }, { ...NOTHING_TOLD, earned: [earned], rewards, balances: earned.balances }];
  });
}

/** A reward for its price; `notOffline` is why it may not be given without a network, `null` when it may. */
export async function redeemReward(
  counter: Counter,
  scanned: Scanned,
  reward: { readonly id: string; readonly name: string },
  notOffline: string | null,
): Promise<Booked> {
  const entry = newEntry(counter, scanned, { kind: 'redemption', what: reward.name, reward_id: reward.id });
  const told = { code: scanned.code, reward_id: reward.id, reference: entry.id };
  const draft: Draft | string = notOffline ?? { kind: 'redemption', ...told, ...inQueue(scanned) };
  return bookOrKeep(counter, entry, draft, async (signal) => {
    const body = { ...told, ...placed(counter, scanned) };
    return redeemed(data(await api.POST('/api/v1/scans/redemptions', { body, signal })));
  });
}

/** A reward that was issued before; the server alone knows whether it is still there. */
export async function redeemIssued(counter: Counter, scanned: Scanned, issued: { id: string; name: string }): Promise<Booked> {
  const entry = newEntry(counter, scanned, { kind: 'redemption', what: issued.name });
  return bookOrKeep(counter, entry, null, async (signal) => {
    const body = { code: scanned.code, issued_reward_id: issued.id, ...placed(counter, scanned) };
    return redeemed(data(await api.POST('/api/v1/scans/redemptions', { body, signal })));
  });
}

export const METHODS = ['cash', 'card', 'transfer', 'other'] as const;
export type Method = (typeof METHODS)[number];

interface Renewal {
  /** Makes telling it again harmless. */
  readonly id: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly method: Method;
}

/** A payment for one more term; the server alone knows until when it runs. */
export async function renewMembership(counter: Counter, scanned: Scanned, paid: Renewal): Promise<Booked> {
  const entry = newEntry(counter, scanned, { kind: 'renewal', id: paid.id, amount_minor: paid.amountMinor, currency: paid.currency });
  return bookOrKeep(counter, entry, null, async (signal) => {
    const params = { path: { membership_id: scanned.membershipId ?? '' } };
    const body = {
      amount_minor: paid.amountMinor,
      currency: paid.currency,
      method: paid.method,
      reference: paid.id,
      location_id: counter.device?.location_id ?? null,
    };
    const { term, membership } = data(await api.POST('/api/v1/members/{membership_id}/renewals', { params, body, signal }));
    return [{ by: 'renewal', id: term.id }, { ...NOTHING_TOLD, goodUntil: membership?.last_day ?? null }];
  });
}

/** What a customer has started to redeem, by the code that they show. */
export async function redeemHold(counter: Counter, scanned: Scanned): Promise<Booked> {
  const entry = newEntry(counter, scanned, { kind: 'redemption' });
  return bookOrKeep(counter, entry, null, async (signal) => {
    const body = { code: scanned.code, location_id: counter.device?.location_id ?? null };
    const told = data(await api.POST('/api/v1/scans/holds/redeem', { body, signal }));
    const [undo, answer] = redeemed(told);
    return [undo, answer, { what: told.name }];
  });
}

function redeemed(told: Schemas['passerelle__scanning__schemas__RedemptionOut']): [Entry['undo'], Told] {
  const { balances, rewards, discount_minor } = told;
  return [{ by: 'redemption', id: told.id }, { ...NOTHING_TOLD, balances, rewards, discountMinor: discount_minor }];
}

/** How it is taken back, what the server told, and what of the entry only the server knew. */
type Answer = readonly [undo: Entry['undo'], told: Told, known?: Partial<Entry>];

/**
 * Books now, or keeps `draft` when nobody answers. Raises what the server refuses; and that there is no network when
 * nothing may be kept: because there is no draft, but perhaps a reason, or because this browser is not paired.
 */
export async function bookOrKeep(
  counter: Counter,
  entry: Entry,
  draft: Draft | string | null,
  call: (signal: AbortSignal) => Promise<Answer>,
): Promise<Booked> {
  if (isReachable()) {
    try {
      const [undo, told, known] = await reach(call);
      const booked = { ...entry, undo, ...known };
      await counter.db.put('entries', booked);
      return { entry: booked, ...told };
    } catch (fault) {
      if (!isUnreachable(fault)) throw fault;
    }
  }
  if (!counter.device) throw new Problem(0, 'not_paired', i18n.t('scanner:offline.notPaired'));
  if (draft === null || typeof draft === 'string') {
    throw new Problem(0, 'needs_network', draft ?? i18n.t('scanner:offline.needsNetwork'));
  }
  const kept: Entry = { ...entry, state: 'waiting', offline: true, undo: { by: 'queue', id: entry.id } };
  await enqueue(counter.db, counter.device, entry.id, draft, kept);
  return { entry: kept, ...NOTHING_TOLD };
}
