import { useEffect } from 'react';

import { Problem, api, data } from '@/lib/api';
import type { ScanAction } from '@/lib/scanActions';

import { isUnreachable, reach, useReachable } from './network';
import { prefer, usePreferences } from './preferences';

/** What this till does by itself after a scan, as the server says; without a network, as it said last. */
export function useDefaultAction(deviceId: string | null, actor: string): ScanAction {
  const { action } = usePreferences();
  const reachable = useReachable();
  useEffect(() => {
    if (!reachable) return;
    const query = deviceId === null ? {} : { device_id: deviceId };
    reach(async (signal) => data(await api.GET('/api/v1/scans/default-action', { params: { query }, signal }))).then(
      ({ scan_action }) => prefer({ action: scan_action }),
      (fault: unknown) => {
        // Who may not scan is told so with the first card.
        if (!isUnreachable(fault) && !(fault instanceof Problem)) throw fault;
      },
    );
  }, [deviceId, actor, reachable]);
  return action;
}
