/** Letting in and out: the server alone knows whether somebody came in at another gate. */
import { api, data } from '@/lib/api';

import { type Booked, type Counter, NOTHING_TOLD, type Scanned, bookOrKeep, newEntry } from './booking';

/** The same `id` makes trying again harmless. */
export async function admit(counter: Counter, scanned: Scanned, id: string, event: string): Promise<Booked> {
  const entry = newEntry(counter, scanned, { id, kind: 'ticket', what: event });
  return bookOrKeep(counter, entry, null, async (signal) => {
    const body = { code: scanned.code, location_id: counter.device?.location_id ?? null };
    const told = data(await api.POST('/api/v1/scans/tickets/admit', { body, headers: { 'Idempotency-Key': id }, signal }));
    return [{ by: 'ticket', id: told.ticket_id }, { ...NOTHING_TOLD, admitted: { used: told.inside, issued: told.issued } }];
  });
}

/** Letting out somebody who may come in with the same ticket again. */
export async function letOut(counter: Counter, scanned: Scanned, id: string, event: string): Promise<Booked> {
  const entry = newEntry(counter, scanned, { id, kind: 'ticket', what: event });
  return bookOrKeep(counter, entry, null, async (signal) => {
    const body = { code: scanned.code };
    const told = data(await api.POST('/api/v1/scans/tickets/check-out', { body, headers: { 'Idempotency-Key': id }, signal }));
    return [{ by: 'ticket', id: told.ticket_id }, { ...NOTHING_TOLD, went: 'out', admitted: { used: told.inside, issued: told.issued } }];
  });
}

/** A customer comes or goes; the server alone knows who is in. */
export async function checkIn(counter: Counter, scanned: Scanned, id: string, place: { readonly id: string; readonly name: string }, direction: 'in' | 'out'): Promise<Booked> {
  const entry = newEntry(counter, scanned, { id, kind: 'check_in', what: place.name });
  return bookOrKeep(counter, entry, null, async (signal) => {
    const body = { code: scanned.code, location_id: place.id, direction, reference: id };
    const told = data(await api.POST('/api/v1/check-ins', { body, signal }));
    const balances = told.earned.find((one) => one.membership_id === scanned.membershipId)?.balances ?? [];
    const inside = { used: told.inside, issued: told.capacity };
    return [{ by: 'check_in', id: told.check_in.id }, { ...NOTHING_TOLD, went: direction, earned: told.earned, balances, admitted: inside }];
  });
}
