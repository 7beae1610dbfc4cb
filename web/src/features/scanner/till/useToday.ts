import { useEffect, useMemo, useState } from 'react';

import { type Today, todayOf } from '../offline/journal';
import { useTill } from './context';

/** The time, looked at again now and then. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** What the operator did today; a till that is left on starts anew at midnight. */
export function useToday(): Today {
  const { entries, who } = useTill();
  const now = useNow(60_000);
  const { actor, organization } = who;
  return useMemo(() => todayOf(entries, actor, new Date(now), organization.time_zone), [entries, actor, now, organization.time_zone]);
}
