/** What was done at this till today: figures, what may be taken back, what was refused, what may still be given. */
import type { Device, Entry, TillDatabase } from './database';
import { plainCode } from './seen';

const KEEP_DAYS = 7;
/** For so long a cashier may take back an own operation; the server decides. */
export const UNDO_MS = 30 * 60_000;

/** The calendar day of an instant where the shop is, such as 2026-11-22. */
export function dayOf(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(instant);
}

export interface Today {
  readonly entries: readonly Entry[];
  readonly count: number;
  readonly sums: readonly { readonly currency: string; readonly amount_minor: number }[];
  readonly unread: readonly Entry[];
}

/** Today's entries of an operator, newest first, with how many there are and what they come to; refusals of any day. */
export function todayOf(entries: readonly Entry[], actor: string, now: Date, timeZone: string): Today {
  const today = dayOf(now, timeZone);
  const own = entries.filter((entry) => entry.actor === actor && dayOf(new Date(entry.at), timeZone) === today);
  const counted = own.filter((entry) => entry.state !== 'rejected' && entry.state !== 'undone' && entry.state !== 'undoing');
  const sums = new Map<string, number>();
  for (const entry of counted) {
    if (entry.kind === 'purchase') sums.set(entry.currency, (sums.get(entry.currency) ?? 0) + entry.amount_minor);
  }
  return {
    entries: own.toSorted((one, other) => other.at.localeCompare(one.at)),
    count: counted.length,
    sums: [...sums].map(([currency, amount_minor]) => ({ currency, amount_minor })),
    unread: entries.filter((entry) => entry.unread),
  };
}

export type Allowance = 'given' | 'not_ready' | 'device_reached' | 'member_reached';

interface Wanted {
  readonly code: string;
  readonly reward_id: string;
  /** How many of it the card could have when it was last seen, and when that was. */
  readonly ready_count: number;
  readonly seen_at: number;
}

/** Whether a reward may be given without a network: within the device's day, the member's day, and what the card had. */
export function allowanceOf(entries: readonly Entry[], device: Device, wanted: Wanted, now: Date, timeZone: string): Allowance {
  const given = entries.filter((entry) => entry.kind === 'redemption' && (entry.state === 'booked' || entry.state === 'waiting'));
  const isOfCard = (entry: Entry) => plainCode(entry.code) === plainCode(wanted.code);
  const since = given.filter((entry) => isOfCard(entry) && Date.parse(entry.at) >= wanted.seen_at);
  if (since.filter((entry) => entry.reward_id === wanted.reward_id).length >= wanted.ready_count) return 'not_ready';
  const day = dayOf(now, timeZone);
  const today = given.filter((entry) => entry.offline && dayOf(new Date(entry.at), timeZone) === day);
  if (today.length >= device.redemptions_per_day) return 'device_reached';
  return today.filter(isOfCard).length >= device.redemptions_per_member_per_day ? 'member_reached' : 'given';
}

/** Forgets what is over a week old; what waits or was refused unread stays. */
export async function pruneJournal(db: TillDatabase, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEEP_DAYS * 86_400_000).toISOString();
  const tx = db.transaction('entries', 'readwrite');
  for (const entry of await tx.store.index('at').getAll(IDBKeyRange.upperBound(before))) {
    if (entry.state !== 'waiting' && entry.state !== 'undoing' && !entry.unread) await tx.store.delete(entry.id);
  }
  await tx.done;
}

/** Refusals that somebody has read need no sign any more. */
export async function markRead(db: TillDatabase, ids: readonly string[]): Promise<void> {
  const tx = db.transaction('entries', 'readwrite');
  for (const id of ids) {
    const entry = await tx.store.get(id);
    if (entry) await tx.store.put({ ...entry, unread: false });
  }
  await tx.done;
}
