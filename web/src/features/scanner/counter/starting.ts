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

export type ByItself = 'visit' | 'check_in';

/** Within this, the same card was scanned twice rather than came twice. */
const TWICE_MS = 60_000;

/** Whether this was booked with this card just now: the hand is slower than the scanner. */
export const wasJustBooked = (entries: readonly Entry[], code: string, kind: ByItself, now = Date.now()): boolean =>
  entries.some(
    (entry) =>
      entry.kind === kind &&
      (entry.state === 'booked' || entry.state === 'waiting') &&
      plainCode(entry.code) === plainCode(code) &&
      now - Date.parse(entry.at) < TWICE_MS,
  );

/** What is booked without asking, if anything: never what the card may not. */
export function bookedByItself(action: ScanAction, card: Card): ByItself | null {
  if (action === 'visit') return card.may.includes('purchase') ? 'visit' : null;
  return action === 'check_in' && isGood(card) && card.code_may !== 'look_up' ? 'check_in' : null;
}

/** Whether the membership counts now: of any other the cashier is told, and decides. */
const isGood = ({ membership_state, term }: Card) => membership_state === 'active' && term?.status !== 'lapsed' && term?.status !== 'unpaid';

/** One try to book something with a card. */
export interface Attempt {
  readonly card: string;
  readonly id: string;
  readonly at: number;
}

/** The same try again, if nobody knows what became of it and the card is scanned once more; or else a new one. */
export function attemptWith(code: string, unsure: Attempt | null, now = Date.now()): Attempt {
  const card = plainCode(code);
  return unsure?.card === card && now - unsure.at < TWICE_MS ? unsure : { card, id: crypto.randomUUID(), at: now };
}

/** As many as one visit is worth: stamps are counted, other programs count by their rules. */
export const unitsOfVisit = (card: Card): number | null => (card.program_kind === 'stamps' ? 1 : null);
