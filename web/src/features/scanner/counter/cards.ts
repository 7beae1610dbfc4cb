/** Telling codes apart: by the server; without it, from what was seen lately. */
import { type Schemas, api, data } from '@/lib/api';

import type { TillDatabase } from '../offline/database';
import { recall, remember } from '../offline/seen';
import { isReachable, isUnreachable, reach } from '../till/network';
import { secondsAgo } from './booking';

export type Balance = Pick<Schemas['BalanceOut'], 'unit_id' | 'kind' | 'currency' | 'decimals' | 'name' | 'active' | 'pending' | 'pooled'>;
export type ReadyReward = Schemas['ReadyRewardOut'];
export type Tier = Schemas['MemberTierOut'];
export type Coupon = Schemas['CouponScanOut'];
export type GiftCard = Schemas['GiftCardScanOut'];
export type Ticket = Schemas['TicketScanOut'];

/** A card as the till shows it. */
export type Card = Omit<Schemas['ScanOut'], 'kind' | 'balances'> & { readonly balances: readonly Balance[] };

/**
 * What stands behind a code. `seenAt`: there is no network, and this is what the card was then; `stranger`: there is no
 * network, and this till does not know the code.
 */
export type Found =
  | { readonly kind: 'card'; readonly code: string; readonly scannedAt: number; readonly card: Card; readonly seenAt: number | null }
  | { readonly kind: 'stranger'; readonly code: string; readonly scannedAt: number }
  | { readonly kind: 'coupon'; readonly code: string; readonly coupon: Coupon }
  | { readonly kind: 'gift_card'; readonly code: string; readonly giftCard: GiftCard }
  | { readonly kind: 'ticket'; readonly code: string; readonly ticket: Ticket };

/** Raises Problem when the server refuses the code. */
export async function tellApart(db: TillDatabase, code: string, scannedAt: number): Promise<Found> {
  if (isReachable()) {
    try {
      const body = { code, scanned_seconds_ago: secondsAgo(scannedAt) };
      const told = await reach(async (signal) => data(await api.POST('/api/v1/scans', { body, signal })));
      return await found(db, { code, scannedAt }, told);
    } catch (fault) {
      if (!isUnreachable(fault)) throw fault;
    }
  }
  const seen = await recall<Card>(db, code);
  return seen ? { kind: 'card', code, scannedAt, card: seen.card, seenAt: seen.at } : { kind: 'stranger', code, scannedAt };
}

type Told = Schemas['ScanOut'] | Coupon | GiftCard | Ticket;

async function found(db: TillDatabase, { code, scannedAt }: { code: string; scannedAt: number }, told: Told): Promise<Found> {
  if (told.kind === 'coupon') return { kind: 'coupon', code, coupon: told };
  if (told.kind === 'gift_card') return { kind: 'gift_card', code, giftCard: told };
  if (told.kind === 'ticket') return { kind: 'ticket', code, ticket: told };
  await rememberCard(db, code, told);
  return { kind: 'card', code, scannedAt, card: told, seenAt: null };
}

/** Keep what a card is now, for when the network is gone; of the name only what is enough to greet. */
export async function rememberCard(db: TillDatabase, code: string, card: Card): Promise<void> {
  const known: Card = { ...card, customer: { ...card.customer, full_name: card.customer.first_name } };
  await remember(db, code, known, Date.now());
}
