/** The queue of a till without a network: kept first, signed then, sent once, forgotten when it is answered. */
import type { Device, Draft, Entry, Operation, Queued, TillDatabase } from './database';
import { sign } from './signing';

/** What the server said of one operation. */
export interface Result {
  readonly outcome: 'accepted' | 'rejected' | 'waiting';
  readonly reason: { readonly text: string } | null;
}

export interface Batch {
  readonly device_id: string;
  readonly sent_at: string;
  readonly holds_from: number;
  readonly operations: (Operation & { readonly signature: string })[];
}

/** As many as are answered in a second or two. */
const BATCH = 100;

/**
 * Keeps an operation and what the journal says of it, both or none; it survives the loss of power from here on.
 * `id` is the operation's; the number is the next of this device.
 */
export async function enqueue(db: TillDatabase, device: Device, id: string, draft: Draft, entry: Entry): Promise<void> {
  const tx = db.transaction(['kept', 'queue', 'entries'], 'readwrite', { durability: 'strict' });
  const last = await tx.objectStore('kept').get('sequence');
  const sequence = (typeof last === 'number' ? last : 0) + 1;
  const operation: Operation = { ...draft, id, sequence, at: new Date().toISOString() };
  const kept: Queued = { sequence, operation, signature: null, entry_id: entry.id };
  await Promise.all([
    tx.objectStore('kept').put(sequence, 'sequence'),
    tx.objectStore('queue').put(kept),
    tx.objectStore('entries').put(entry),
    tx.done,
  ]);
  await signed(db, device, kept);
}

/** How many operations wait to be sent. */
export const countQueued = (db: TillDatabase): Promise<number> => db.count('queue');

/**
 * Sends the queue in its order, as often as it takes. What got no answer stays and is sent again: each operation has an
 * id, so the server books it once. Raises what `send` raises.
 */
export async function replay(db: TillDatabase, device: Device, send: (batch: Batch) => Promise<readonly Result[]>): Promise<void> {
  for (;;) {
    const items = await db.getAll('queue', null, BATCH);
    const first = items[0];
    if (!first) return;
    const operations = await Promise.all(
      items.map(async (item) => ({ ...item.operation, signature: item.signature ?? (await signed(db, device, item)) })),
    );
    const results = await send({
      device_id: device.id,
      sent_at: new Date().toISOString(),
      holds_from: first.sequence,
      operations,
    });
    if (results.length !== items.length) throw new Error(`${items.length} operations were sent, ${results.length} answered.`);
    await settle(db, items, results);
  }
}

async function signed(db: TillDatabase, device: Device, item: Queued): Promise<string> {
  const signature = await sign(device.private_key, device.id, item.operation);
  const tx = db.transaction('queue', 'readwrite', { durability: 'strict' });
  const now = await tx.store.get(item.sequence);
  // Another window may have sent it meanwhile.
  if (now) await tx.store.put({ ...now, signature });
  await tx.done;
  return signature;
}

async function settle(db: TillDatabase, items: readonly Queued[], results: readonly Result[]): Promise<void> {
  const tx = db.transaction(['queue', 'entries'], 'readwrite', { durability: 'strict' });
  for (const [place, item] of items.entries()) {
    const entry = await tx.objectStore('entries').get(item.entry_id);
    const result = results[place];
    if (entry && result) await tx.objectStore('entries').put(settled(entry, item.operation.kind === 'undo', result));
    await tx.objectStore('queue').delete(item.sequence);
  }
  await tx.done;
}

/** An entry after the server has answered what was told of it. */
export function settled(entry: Entry, isUndo: boolean, result: Result): Entry {
  const reason = result.reason?.text ?? null;
  if (result.outcome === 'rejected') {
    // What could not be taken back stays booked.
    return { ...entry, state: isUndo ? 'booked' : 'rejected', undo: null, reason, unread: true };
  }
  if (isUndo) return { ...entry, state: 'undone', undo: null };
  // Its taking back may already wait behind it.
  if (entry.state === 'undoing') return entry;
  return { ...entry, state: result.outcome === 'accepted' ? 'booked' : 'waiting' };
}
