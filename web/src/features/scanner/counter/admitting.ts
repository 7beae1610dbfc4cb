/** Letting in: the server alone knows whether somebody came in with the ticket at another gate. */
import { api, data } from '@/lib/api';

import { type Booked, type Counter, NOTHING_TOLD, type Scanned, bookOrKeep, newEntry } from './booking';

/** The same `id` makes trying again harmless. */
export async function admit(counter: Counter, scanned: Scanned, id: string, event: string): Promise<Booked> {
  const entry = newEntry(counter, scanned, { id, kind: 'ticket', what: event });
  return bookOrKeep(counter, entry, null, async (signal) => {
    const body = { code: scanned.code, location_id: counter.device?.location_id ?? null };
    const told = data(await api.POST('/api/v1/scans/tickets/admit', { body, headers: { 'Idempotency-Key': id }, signal }));
    return [{ by: 'ticket', id: told.ticket_id }, { ...NOTHING_TOLD, admitted: { used: told.used, issued: told.issued } }];
  });
}
