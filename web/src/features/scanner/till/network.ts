/** Whether the server can be reached: known from the calls that are made, not from what the browser believes. */
import { useSyncExternalStore } from 'react';

import { Problem } from '@/lib/api';

/** A call that takes longer is given up; a till does not wait. */
export const PATIENCE_MS = 8_000;
const PROBE_MS = 10_000;

let reachable = navigator.onLine;
const listeners = new Set<() => void>();

function tell(now: boolean): void {
  if (now === reachable) return;
  reachable = now;
  listeners.forEach((listener) => listener());
}

export const isReachable = (): boolean => reachable;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useReachable = (): boolean => useSyncExternalStore(subscribe, isReachable);

/** No answer, or one of what stands in front of the server: nobody knows whether the call arrived. */
export const isUnreachable = (fault: unknown): boolean =>
  fault instanceof Problem && (fault.status === 0 || fault.status === 502 || fault.status === 503 || fault.status === 504);

/** Makes a call and remembers whether it was answered. */
export async function reach<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    const answer = await call(AbortSignal.timeout(PATIENCE_MS));
    tell(true);
    return answer;
  } catch (fault) {
    tell(!isUnreachable(fault));
    throw fault;
  }
}

async function probe(): Promise<void> {
  try {
    tell((await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) })).ok);
  } catch {
    tell(false);
  }
}

/** Looks for the server while it is lost; ends with the function that is returned. */
export function watchNetwork(): () => void {
  const lost = () => tell(false);
  const back = () => void probe();
  const timer = setInterval(() => {
    if (!reachable) void probe();
  }, PROBE_MS);
  window.addEventListener('offline', lost);
  window.addEventListener('online', back);
  return () => {
    clearInterval(timer);
    window.removeEventListener('offline', lost);
    window.removeEventListener('online', back);
  };
}
