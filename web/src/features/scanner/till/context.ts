import { createContext, useContext } from 'react';

import type { Counter } from '../counter/booking';
import type { Device, Entry, TillDatabase } from '../offline/database';
import type { Who } from './identity';

export interface Till {
  readonly who: Who;
  readonly db: TillDatabase;
  readonly device: Device | null;
  readonly counter: Counter;
  readonly entries: readonly Entry[];
  /** How many operations wait to be sent. */
  readonly queued: number;
  /** Why the queue is not moving, such as a session that has ended; `null` while nothing is wrong. */
  readonly queueFault: string | null;
  readonly may: (scope: string) => boolean;
  /** Look again who works here and what is kept. */
  readonly refresh: () => Promise<void>;
}

export const TillContext = createContext<Till | null>(null);

export function useTill(): Till {
  const till = useContext(TillContext);
  if (!till) throw new Error('There is no till here.');
  return till;
}
