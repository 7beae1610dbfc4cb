import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { ME } from '@/lib/session';

/** One fact of the stream: amounts and places, nothing of whom it is about. */
export interface LiveFact {
  readonly id: string;
  readonly name: string;
  readonly occurred_at: string;
  readonly amount_minor?: number;
  readonly currency?: string;
  readonly location_id?: string | null;
  readonly wallet?: string;
}

export type LiveState = 'connecting' | 'live' | 'off';
const KEPT = 8;
const PAUSE_MS = 700;

function isFact(value: unknown): value is LiveFact {
  return typeof value === 'object' && value !== null && 'id' in value && 'name' in value && 'occurred_at' in value;
}

function factOf(text: string): LiveFact | null {
  const value: unknown = JSON.parse(text);
  return isFact(value) ? value : null;
}

/**
 * What happens now, newest first; figures that may have changed are read again, once for many facts.
 * A page that nobody sees lets go of the stream: browsers open few connections to one server.
 */
export function useLive(): { facts: readonly LiveFact[]; state: LiveState } {
  const client = useQueryClient();
  const [facts, setFacts] = useState<readonly LiveFact[]>([]);
  const [state, setState] = useState<LiveState>('connecting');
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    let source: EventSource | null = null;
    const refresh = () => {
      clearTimeout(pause.current);
      pause.current = setTimeout(() => void client.invalidateQueries({ queryKey: ['reports'] }), PAUSE_MS);
    };
    const close = () => {
      source?.close();
      source = null;
    };
    const open = () => {
      if (source || document.hidden) return;
      const stream = new EventSource('/api/v1/live');
      source = stream;
      stream.addEventListener('ready', () => {
        setState('live');
        refresh();
      });
      stream.addEventListener('fact', (event: MessageEvent<string>) => {
        const fact = factOf(event.data);
        if (!fact) return;
        setFacts((known) => (known.some(({ id }) => id === fact.id) ? known : [fact, ...known].slice(0, KEPT)));
        refresh();
      });
      stream.addEventListener('reload', refresh);
      stream.addEventListener('ended', () => {
        close();
        setState('off');
        void client.invalidateQueries({ queryKey: ME });
      });
      stream.onerror = () => setState(stream.readyState === EventSource.CLOSED ? 'off' : 'connecting');
    };
    const follow = () => (document.hidden ? close() : open());
    open();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      clearTimeout(pause.current);
      close();
    };
  }, [client]);

  return { facts, state };
}
