import { useEffect, useState } from 'react';

import { api, data } from '@/lib/api';

import type { Device, TillDatabase } from '../offline/database';
import { type Batch, replay } from '../offline/queue';
import { announceChange } from './changes';
import { isUnreachable, reach, useReachable } from './network';

const AGAIN_MS = 15_000;

const send = (batch: Batch) =>
  reach(async (signal) => data(await api.POST('/api/v1/scans/batch', { body: batch, signal })).results);

/** Sends the queue as soon as the server can be reached, from one window at a time. Returns why it is not moving. */
export function useReplay(db: TillDatabase | null, device: Device | null, queued: number): string | null {
  const reachable = useReachable();
  const [fault, setFault] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (!db || !device || queued === 0 || !reachable) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    navigator.locks
      .request(`passerelle-replay-${device.id}`, () => replay(db, device, send))
      .then(
        () => setFault(null),
        (cause: unknown) => {
          if (!isUnreachable(cause)) setFault(cause instanceof Error ? cause.message : String(cause));
          if (!left) timer = setTimeout(() => setRound((before) => before + 1), AGAIN_MS);
        },
      )
      .finally(announceChange);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [db, device, queued, reachable, round]);
  return queued === 0 ? null : fault;
}
