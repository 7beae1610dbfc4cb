/** Taking back: by the server what it booked, by the queue what was kept there. */
import { Problem, api } from '@/lib/api';
import { i18n } from '@/lib/i18n';

import type { Entry, UndoBy } from '../offline/database';
import { UNDO_MS } from '../offline/journal';
import { enqueue } from '../offline/queue';
import { reach } from '../till/network';
import type { Counter } from './booking';

/** For how much longer an entry may be taken back here, in milliseconds; 0 when it may not. */
export function undoLeft(entry: Entry, now: number): number {
  const open = entry.undo !== null && (entry.state === 'booked' || entry.state === 'waiting');
  return open ? Math.max(0, Date.parse(entry.at) + UNDO_MS - now) : 0;
}

/** Takes an entry back; raises Problem when the server refuses, or is needed and not there. */
export async function undo(counter: Counter, entry: Entry): Promise<Entry> {
  if (!entry.undo) return entry;
  if (entry.undo.by === 'queue') {
    if (!counter.device) throw new Problem(0, 'not_paired', i18n.t('scanner:offline.notPaired'));
    const undoing: Entry = { ...entry, state: 'undoing', undo: null };
    await enqueue(counter.db, counter.device, crypto.randomUUID(), { kind: 'undo', operation_id: entry.undo.id }, undoing);
    return undoing;
  }
  const by = entry.undo;
  await reach((signal) => askToUndo(by, signal));
  const undone: Entry = { ...entry, state: 'undone', undo: null };
  await counter.db.put('entries', undone);
  return undone;
}

async function askToUndo({ by, id }: UndoBy, signal: AbortSignal): Promise<unknown> {
  switch (by) {
    case 'purchase':
      return api.POST('/api/v1/scans/purchases/{purchase_id}/undo', { params: { path: { purchase_id: id } }, signal });
    case 'visit':
      return api.POST('/api/v1/scans/visits/undo', { body: { reference: id }, signal });
    case 'redemption':
      return api.POST('/api/v1/scans/redemptions/{issued_reward_id}/undo', { params: { path: { issued_reward_id: id } }, signal });
    case 'renewal':
      return api.POST('/api/v1/terms/{term_id}/void', { params: { path: { term_id: id } }, body: {}, signal });
    case 'coupon':
      return api.POST('/api/v1/scans/coupons/{redemption_id}/undo', { params: { path: { redemption_id: id } }, signal });
    case 'gift_card':
      return api.POST('/api/v1/scans/gift-cards/redemptions/{activity_id}/undo', { params: { path: { activity_id: id } }, signal });
    case 'ticket':
      return api.POST('/api/v1/scans/tickets/{ticket_id}/undo', { params: { path: { ticket_id: id } }, signal });
    case 'check_in':
      return api.POST('/api/v1/check-ins/{check_in_id}/undo', { params: { path: { check_in_id: id } }, signal });
    case 'queue':
      throw new Error('The queue takes back what it holds by itself.');
  }
}
