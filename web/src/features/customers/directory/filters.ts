/** Filters of the directory in the address of the page: ids, days and choices, never what somebody searched for. */
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { isDay } from '@/lib/days';

import type { Filter } from '../api';

const NAMES = ['program', 'card', 'consent', 'visit', 'from', 'to', 'endsFrom', 'endsTo'] as const;
export type FilterName = (typeof NAMES)[number];
export type Chosen = Readonly<Record<FilterName, string | null>>;

const DAY_MS = 86_400_000;
const CHANNELS = ['email', 'sms', 'whatsapp', 'push'] as const;

const channelOf = (text: string | null) => CHANNELS.find((channel) => channel === text) ?? null;
/** The midnight so many days after a day, in the reader's own time zone; nothing for what is no day. */
function midnight(day: string | null, later = 0): string | null {
  if (day === null || !isDay(day)) return null;
  const begins = new Date(`${day}T00:00:00`);
  begins.setDate(begins.getDate() + later); // a day has 23 hours when clocks go forward
  return begins.toISOString();
}

export function useFilters() {
  const [params, setParams] = useSearchParams();
  const chosen: Chosen = useMemo(
    () => Object.fromEntries(NAMES.map((name) => [name, params.get(name)])) as Record<FilterName, string | null>,
    [params],
  );
  const choose = (name: FilterName, value: string | null) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      },
      { replace: true },
    );
  const clear = () => setParams({}, { replace: true });
  return { chosen, choose, clear, count: NAMES.filter((name) => chosen[name]).length };
}

/** What the API is asked; visits are counted back from the beginning of today. */
export function filterOf(text: string, chosen: Chosen, today: Date): Filter {
  const start = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  const [visit, days] = (chosen.visit ?? '').split('-');
  const since = new Date(start - Number(days ?? 0) * DAY_MS).toISOString();
  const channel = channelOf(chosen.consent);
  const [joinedFrom, joinedTo] = [midnight(chosen.from), midnight(chosen.to, 1)];
  // A membership ends with the midnight after its last day.
  const [endsFrom, endsTo] = [midnight(chosen.endsFrom, 1), midnight(chosen.endsTo, 2)];
  return {
    ...(text.trim() ? { text: text.trim() } : {}),
    ...(chosen.program ? { program_id: chosen.program } : {}),
    ...(chosen.card ? { has_card: chosen.card === 'yes' } : {}),
    ...(channel ? { consent: { purpose: 'marketing', channel } } : {}),
    ...(visit === 'within' ? { visited_since: since } : {}),
    ...(visit === 'not' ? { not_visited_since: since } : {}),
    ...(joinedFrom ? { joined_from: joinedFrom } : {}),
    ...(joinedTo ? { joined_to: joinedTo } : {}),
    ...(endsFrom ? { ends_from: endsFrom } : {}),
    ...(endsTo ? { ends_to: endsTo } : {}),
  };
}
