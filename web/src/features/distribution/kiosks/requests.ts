/** Kiosks of the organization. */
import { type Schemas, api, data } from '@/lib/api';
import { useList } from '@/lib/paging';

export type Kiosk = Schemas['KioskOut'];
export type OpenedKiosk = Schemas['OpenedKiosk'];
export const KIOSKS = ['kiosks'] as const;

export const useKiosks = () => useList(KIOSKS, async (query) => data(await api.GET('/api/v1/kiosks', { params: { query } })));

/** A tablet calls every five minutes while it stands there untouched. */
const SILENT_MS = 11 * 60_000;
export type State = 'closed' | 'never' | 'on' | 'silent';

export function stateOf({ revoked_at: revokedAt, seen_at: seenAt }: Kiosk, now: number = Date.now()): State {
  if (revokedAt !== null) return 'closed';
  if (seenAt === null) return 'never';
  return now - Date.parse(seenAt) > SILENT_MS ? 'silent' : 'on';
}
