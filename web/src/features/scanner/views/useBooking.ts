import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Booked } from '../counter/booking';
import { signal } from '../input/sounds';
import { announceChange } from '../till/changes';
import { isUnreachable } from '../till/network';

export interface Booking {
  readonly busy: boolean;
  /** Why the last try was refused: one sentence. */
  readonly problem: string | null;
  readonly book: (work: () => Promise<Booked>) => void;
  readonly clear: () => void;
}

/** One thing is booked at a time; what comes of it is heard, and a refusal stays where the cashier can act on it. */
export function useBooking(onBooked: (booked: Booked) => void): Booking {
  const { t } = useTranslation('scanner');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function run(work: () => Promise<Booked>): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      const booked = await work();
      signal(booked.entry.offline ? 'kept' : 'booked');
      onBooked(booked);
    } catch (fault) {
      signal('refused');
      const lost = isUnreachable(fault) && !(fault instanceof Error && 'code' in fault && isOwn(fault.code));
      setProblem(lost ? t('offline.unsure') : fault instanceof Error ? fault.message : String(fault));
    } finally {
      setBusy(false);
      announceChange();
    }
  }

  const book = (work: () => Promise<Booked>) => {
    if (!busy) void run(work);
  };
  return { busy, problem, book, clear: () => setProblem(null) };
}

/** Our own refusals without a network say exactly what happened; a call that got no answer does not. */
const isOwn = (code: unknown): boolean => code === 'not_paired' || code === 'needs_network';
