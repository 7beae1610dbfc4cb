/** Letting in and out: the server alone knows whether somebody came in at another gate. */
import { type Schemas, api, data } from '@/lib/api';

import type { Device } from '../offline/database';
import { reach } from '../till/network';
import { preferences } from '../till/preferences';
import { type Booked, type Counter, NOTHING_TOLD, type Scanned, bookOrKeep, newEntry, secondsAgo } from './booking';

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

export type Place = Schemas['CheckInPlaceOut'];

/** The locations at which customers are let in and out: the one of the till, or all of them. */
export const placesHere = (ownId: string | null): Promise<readonly Place[]> =>
  reach(async (signal) =>
    data(await api.GET('/api/v1/check-in-places', { signal })).items.filter(({ by_staff, location_id }) => by_staff && (ownId ?? location_id) === location_id),
  );

/** Where the till lets in and out by itself: as it is paired, as was chosen last, else the only location there is. */
export async function usualPlace(device: Device | null, maySee: boolean): Promise<string | null> {
  const known = device?.location_id ?? preferences().place;
  if (known !== null || !maySee) return known;
  const [only, another] = await placesHere(null);
  return only && !another ? only.location_id : null;
}

/**
 * A customer comes or goes; the server alone knows who is in. Without `place` it is that of whoever works here. The same
 * `id` makes trying again harmless.
 */
export async function checkIn(counter: Counter, scanned: Scanned, id: string, place: string | null, direction: 'in' | 'out' | 'toggle'): Promise<Booked> {
  const entry = newEntry(counter, scanned, { id, kind: 'check_in' });
  return bookOrKeep(counter, entry, null, async (signal) => {
    const body = { code: scanned.code, scanned_seconds_ago: secondsAgo(scanned.scannedAt), location_id: place, direction, reference: id };
    const told = data(await api.POST('/api/v1/check-ins', { body, signal }));
    const balances = told.earned.find((one) => one.membership_id === scanned.membershipId)?.balances ?? [];
    const inside = { used: told.inside, issued: told.capacity };
    return [{ by: 'check_in', id: told.check_in.id }, { ...NOTHING_TOLD, went: told.direction, earned: told.earned, balances, admitted: inside }, { what: told.location_name }];
  });
}
