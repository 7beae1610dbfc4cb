/** Filters of the directory in the address of the page: ids, days and choices, never what somebody searched for. */
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import type { Filter } from '../api';

const NAMES = ['program', 'card', 'consent', 'visit', 'from', 'to', 'endsFrom', 'endsTo'] as const;
export type FilterName = (typeof NAMES)[number];
export type Chosen = Readonly<Record<FilterName, string | null>>;

const DAY_MS = 86_400_000;
const CHANNELS = ['email', 'sms', 'whatsapp', 'push'] as const;

const channelOf = (text: string | null) => CHANNELS.find((channel) => channel === text) ?? null;
/** Midnight of a day in the reader's own time zone. */
const midnight = (day: string) => new Date(`${day}T00:00:00`);
const isDay = (text: string | null): text is string => text !== null && !Number.isNaN(midnight(text).getTime());

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
  return {
    ...(text.trim() ? { text: text.trim() } : {}),
    ...(chosen.program ? { program_id: chosen.program } : {}),
    ...(chosen.card ? { has_card: chosen.card === 'yes' } : {}),
    ...(channel ? { consent: { purpose: 'marketing', channel } } : {}),
    ...(visit === 'within' ? { visited_since: since } : {}),
    ...(visit === 'not' ? { not_visited_since: since } : {}),
    ...(isDay(chosen.from) ? { joined_from: midnight(chosen.from).toISOString() } : {}),
    // A membership ends with the midnight after its last day.
    ...(isDay(chosen.endsFrom) ? { ends_from: new Date(midnight(chosen.endsFrom).getTime() + DAY_MS).toISOString() } : {}),
    ...(isDay(chosen.endsTo) ? { ends_to: new Date(midnight(chosen.endsTo).getTime() + 2 * DAY_MS).toISOString() } : {}),
    ...(isDay(chosen.to) ? { joined_to: new Date(midnight(chosen.to).getTime() + DAY_MS).toISOString() } : {}),
  };
}
