/** What a till keeps in this browser: one database for each organization. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** A till that is paired: who it is for the server, what it signs with, and what it may give without a network. */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly location_id: string | null;
  readonly redemptions_per_day: number;
  readonly redemptions_per_member_per_day: number;
  readonly private_key: CryptoKey;
}

interface WithCard {
  readonly code: string;
  /** When the card was scanned, if that was before. */
  readonly scanned_at?: string;
}

/** An operation as the device tells it, without what every operation has. */
export type Draft =
  | (WithCard & {
      readonly kind: 'purchase';
      readonly amount_minor: number;
      readonly currency: string;
      readonly external_reference: string;
    })
  | (WithCard & { readonly kind: 'visit'; readonly units?: number; readonly reference: string })
  | (WithCard & { readonly kind: 'redemption'; readonly reward_id: string; readonly reference: string })
  | { readonly kind: 'undo'; readonly operation_id: string };

export type Operation = Draft & { readonly id: string; readonly sequence: number; readonly at: string };

export interface Queued {
  readonly sequence: number;
  readonly operation: Operation;
  /** `null` when the page was closed between keeping and signing; it is signed when it is sent. */
  readonly signature: string | null;
  /** The entry of the journal that the operation is about. */
  readonly entry_id: string;
}

/** How an entry is taken back: by the server, or by another operation of the queue. */
export interface UndoBy {
  readonly by: 'queue' | 'purchase' | 'visit' | 'redemption' | 'renewal' | 'coupon' | 'gift_card' | 'ticket' | 'check_in';
  readonly id: string;
}

/**
 * What was done at this till. `waiting`: in the queue, or kept by the server until those before it arrive; `undoing`:
 * its taking back waits in the queue.
 */
export interface Entry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly kind: 'purchase' | 'visit' | 'redemption' | 'renewal' | 'coupon' | 'gift_card' | 'ticket' | 'check_in';
  readonly state: 'booked' | 'waiting' | 'rejected' | 'undoing' | 'undone';
  readonly offline: boolean;
  readonly code: string;
  /** First name of the holder, or what else tells the card; empty when nobody knows it without a network. */
  readonly who: string;
  readonly amount_minor: number;
  readonly currency: string;
  readonly units: number | null;
  /** The reward, coupon, gift card, event or location. */
  readonly what: string;
  readonly reward_id: string | null;
  readonly undo: UndoBy | null;
  /** Why the server refused it, in the language of the moment. */
  readonly reason: string | null;
  /** A refusal that nobody has looked at yet. */
  readonly unread: boolean;
}

/** What a card was when it was scanned last: shown, with its age, when there is no network. */
export interface Seen<T = unknown> {
  readonly code: string;
  readonly at: number;
  readonly card: T;
}

interface Stores extends DBSchema {
  kept: { key: 'device' | 'sequence'; value: Device | number };
  queue: { key: number; value: Queued };
  entries: { key: string; value: Entry; indexes: { at: string } };
  seen: { key: string; value: Seen; indexes: { at: number } };
}

export type TillDatabase = IDBPDatabase<Stores>;

export function openTill(organizationId: string): Promise<TillDatabase> {
  return openDB<Stores>(`passerelle-till-${organizationId}`, 1, {
    upgrade(db) {
      db.createObjectStore('kept');
      db.createObjectStore('queue', { keyPath: 'sequence' });
      db.createObjectStore('entries', { keyPath: 'id' }).createIndex('at', 'at');
      db.createObjectStore('seen', { keyPath: 'code' }).createIndex('at', 'at');
    },
  });
}

export async function findDevice(db: TillDatabase): Promise<Device | null> {
  const kept = await db.get('kept', 'device');
  return typeof kept === 'object' ? kept : null;
}

/** Keep a new device: its numbers begin anew. What another one left in the queue it could not sign, so it must be empty. */
export async function keepDevice(db: TillDatabase, device: Device): Promise<void> {
  const tx = db.transaction('kept', 'readwrite', { durability: 'strict' });
  const before = await tx.store.get('device');
  await tx.store.put(device, 'device');
  if (typeof before !== 'object' || before.id !== device.id) await tx.store.put(0, 'sequence');
  await tx.done;
}

export async function forgetDevice(db: TillDatabase): Promise<void> {
  await db.delete('kept', 'device');
}
