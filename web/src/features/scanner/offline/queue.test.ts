// @vitest-environment node
import 'fake-indexeddb/auto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Device, type Draft, type Entry, type TillDatabase, findDevice, keepDevice, openTill } from './database';
import { type Batch, type Result, countQueued, enqueue, replay } from './queue';
import { makeKey } from './signing';

const ACCEPTED: Result = { outcome: 'accepted', reason: null };
const REJECTED: Result = { outcome: 'rejected', reason: { text: 'This card was revoked.' } };
let db: TillDatabase;
let device: Device;
let tills = 0;

beforeEach(async () => {
  db = await openTill(`org_${String((tills += 1))}`);
  const key = await makeKey();
  if (!key) throw new Error('Node knows Ed25519.');
  const allowances = { redemptions_per_day: 10, redemptions_per_member_per_day: 1 };
  await keepDevice(db, { id: 'dev_1', name: 'Counter', location_id: null, ...allowances, private_key: key.private_key });
  const kept = await findDevice(db);
  if (!kept) throw new Error('The device was kept.');
  device = kept;
});

afterEach(() => db.close());

function entry(id: string): Entry {
  const rest = { offline: true, who: 'Lina', currency: 'EUR', units: null, what: '', reward_id: null, undo: null, reason: null, unread: false };
  return { id, at: '2026-11-22T10:00:00Z', actor: 'opr_1', kind: 'purchase', state: 'waiting', code: 'k7v4', amount_minor: 450, ...rest };
}

const purchase = (id: string): Draft => ({ kind: 'purchase', code: 'k7v4', amount_minor: 450, currency: 'EUR', external_reference: id });
const keep = (id: string) => enqueue(db, device, id, purchase(id), entry(id));
const accept = (batch: Batch): Promise<Result[]> => Promise.resolve(batch.operations.map(() => ACCEPTED));

describe('the queue', () => {
  it('numbers what is kept at once without a gap, and signs it', async () => {
    await Promise.all(['a', 'b', 'c'].map(keep));
    const kept = await db.getAll('queue');
    expect(kept.map((item) => item.sequence)).toEqual([1, 2, 3]);
    expect(kept.every((item) => item.signature?.length === 86)).toBe(true);
  });

  it('is sent in its order, and forgotten', async () => {
    for (const id of ['a', 'b']) await keep(id);
    const sent: Batch[] = [];
    await replay(db, device, (batch) => {
      sent.push(batch);
      return accept(batch);
    });
    expect(sent.map((batch) => [batch.holds_from, batch.operations.map((one) => one.id)])).toEqual([[1, ['a', 'b']]]);
    expect(await countQueued(db)).toBe(0);
    expect((await db.get('entries', 'a'))?.state).toBe('booked');
  });

  it('loses nothing when the answer does not arrive, and sends the same again', async () => {
    await keep('a');
    const sent: Batch[] = [];
    const lost = (batch: Batch): Promise<Result[]> => {
      sent.push(batch);
      return Promise.reject(new Error('No network'));
    };
    await expect(replay(db, device, lost)).rejects.toThrow('No network');
    await expect(replay(db, device, lost)).rejects.toThrow('No network');
    expect(sent[0]?.operations).toEqual(sent[1]?.operations);
    expect(await countQueued(db)).toBe(1);
    await replay(db, device, accept);
    expect(await countQueued(db)).toBe(0);
  });

  it('keeps counting after it was sent', async () => {
    await keep('a');
    await replay(db, device, accept);
    await keep('b');
    expect((await db.getAll('queue'))[0]?.sequence).toBe(2);
  });

  it('goes in parts when it is long', async () => {
    for (let number = 0; number < 230; number += 1) await keep(`op-${number}`);
    const sizes: number[] = [];
    await replay(db, device, (batch) => {
      sizes.push(batch.operations.length);
      return accept(batch);
    });
    expect(sizes).toEqual([100, 100, 30]);
  });

  it('signs what was kept when the page was closed', async () => {
    await keep('a');
    const [item] = await db.getAll('queue');
    if (item) await db.put('queue', { ...item, signature: null });
    await replay(db, device, (batch) => {
      expect(batch.operations[0]?.signature).toBe(item?.signature);
      return accept(batch);
    });
  });

  it('does not take an answer for fewer than it sent', async () => {
    await keep('a');
    await expect(replay(db, device, () => Promise.resolve([]))).rejects.toThrow('1 operations were sent, 0 answered');
    expect(await countQueued(db)).toBe(1);
  });
});

describe('what the server answered', () => {
  it('is told when it is a refusal', async () => {
    await keep('a');
    await replay(db, device, () => Promise.resolve([REJECTED]));
    expect(await db.get('entries', 'a')).toMatchObject({ state: 'rejected', reason: 'This card was revoked.', unread: true });
  });

  it('takes back what was kept and undone before it was sent', async () => {
    await keep('a');
    const undoing: Entry = { ...entry('a'), state: 'undoing' };
    await enqueue(db, device, 'b', { kind: 'undo', operation_id: 'a' }, undoing);
    await replay(db, device, accept);
    expect((await db.get('entries', 'a'))?.state).toBe('undone');
  });

  it('leaves booked what cannot be taken back any more', async () => {
    await keep('a');
    await replay(db, device, accept);
    await enqueue(db, device, 'b', { kind: 'undo', operation_id: 'a' }, { ...entry('a'), state: 'undoing' });
    await replay(db, device, () => Promise.resolve([REJECTED]));
    expect(await db.get('entries', 'a')).toMatchObject({ state: 'booked', unread: true });
  });
});
