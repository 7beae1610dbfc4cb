/** What the till begins with after a scan, by itself. */
import type { ScanAction } from '@/lib/scanActions';

import type { Entry } from '../offline/database';
import { plainCode } from '../offline/seen';
import type { Card } from './cards';

/** How the counter opens with a card: what is asked first, and what the cashier is told. */
export interface Start {
  readonly action: ScanAction;
  readonly note: string | null;
}

/** Within this, the same card was scanned twice rather than came twice. */
const TWICE_MS = 60_000;

/** Whether a visit was booked with this card just now: the hand is slower than the scanner. */
export const wasJustBooked = (entries: readonly Entry[], code: string, now = Date.now()): boolean =>
  entries.some(
    (entry) =>
      entry.kind === 'visit' &&
      (entry.state === 'booked' || entry.state === 'waiting') &&
      plainCode(entry.code) === plainCode(code) &&
      now - Date.parse(entry.at) < TWICE_MS,
  );

/** Whether a visit may be booked without asking: never what the cashier or the card may not. */
export const booksByItself = (action: ScanAction, card: Card): boolean => action === 'visit' && card.may.includes('purchase');

/** As many as one visit is worth: stamps are counted, other programs count by their rules. */
export const unitsOfVisit = (card: Card): number | null => (card.program_kind === 'stamps' ? 1 : null);
