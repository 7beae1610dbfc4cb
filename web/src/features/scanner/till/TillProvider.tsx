import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';

import { Problem, api, data } from '@/lib/api';
import { Fault } from '@/ui/Fault';
import { PageSkeleton } from '@/ui/Page';

import type { Counter } from '../counter/booking';
import { type Device, type Entry, type TillDatabase, findDevice, forgetDevice, keepDevice, openTill } from '../offline/database';
import { pruneJournal } from '../offline/journal';
import { countQueued } from '../offline/queue';
import { pruneSeen } from '../offline/seen';
import { announceChange, onChange } from './changes';
import { type Till, TillContext } from './context';
import type { Who } from './identity';
import { reach, watchNetwork } from './network';
import { deviceOf } from './pairing';
import { useReplay } from './useReplay';

interface Kept {
  readonly db: TillDatabase;
  readonly device: Device | null;
  readonly entries: readonly Entry[];
  readonly queued: number;
}

async function keptBy(db: TillDatabase): Promise<Kept> {
  const [device, entries, queued] = await Promise.all([findDevice(db), db.getAll('entries'), countQueued(db)]);
  return { db, device, entries, queued };
}

/** What the server says of this device now: other allowances, or that it was revoked. */
async function askAboutDevice(db: TillDatabase): Promise<void> {
  const device = await findDevice(db);
  if (!device) return;
  try {
    const path = { device_id: device.id };
    const told = await reach(async (signal) => data(await api.GET('/api/v1/devices/{device_id}', { params: { path }, signal })));
    if (told.revoked_at === null) await keepDevice(db, deviceOf(told, device.private_key));
    // What waits is sent all the same: the server keeps it for staff.
    else if ((await countQueued(db)) === 0) await forgetDevice(db);
  } catch (fault) {
    if (!(fault instanceof Problem)) throw fault;
    if (fault.status === 404 && (await countQueued(db)) === 0) await forgetDevice(db);
  }
}

interface TillProviderProps {
  readonly who: Who;
  readonly identifyAgain: () => Promise<void>;
  readonly children: ReactNode;
}

/** The till of an organization: what it keeps, always as it is now, and its queue on the way. */
export function TillProvider({ who, identifyAgain, children }: TillProviderProps) {
  const organizationId = who.organization.id;
  const [kept, setKept] = useState<Kept | null>(null);
  const [fault, setFault] = useState<unknown>(null);

  useEffect(watchNetwork, []);

  useEffect(() => {
    let left = false;
    let db: TillDatabase | null = null;
    const look = async () => {
      const now = db && (await keptBy(db));
      if (now && !left) setKept(now);
    };
    const start = async () => {
      db = await openTill(organizationId);
      if (left) {
        db.close();
        return;
      }
      await Promise.all([pruneJournal(db, new Date()), pruneSeen(db, Date.now())]);
      await look();
      await askAboutDevice(db);
      await look();
    };
    start().catch((cause: unknown) => setFault(cause));
    const stop = onChange(() => void look());
    return () => {
      left = true;
      stop();
      db?.close();
    };
  }, [organizationId]);

  const queueFault = useReplay(kept?.db ?? null, kept?.device ?? null, kept?.queued ?? 0);
  const refresh = useCallback(async () => {
    await identifyAgain();
    announceChange();
  }, [identifyAgain]);
  const till = useMemo<Till | null>(() => {
    if (!kept) return null;
    const counter: Counter = { db: kept.db, device: kept.device, actor: who.actor };
    return { ...kept, who, counter, queueFault, refresh, may: (scope) => who.scopes.includes(scope) };
  }, [kept, who, queueFault, refresh]);

  if (fault !== null && !till) return <Fault fault={fault} retry={() => window.location.reload()} />;
  return till ? <TillContext value={till}>{children}</TillContext> : <PageSkeleton />;
}
