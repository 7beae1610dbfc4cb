/** How this till likes to work; kept in this browser. */
import { useSyncExternalStore } from 'react';

import type { ScanAction } from '@/lib/scanActions';

export interface Preferences {
  readonly sound: boolean;
  readonly vibration: boolean;
  /** Whether the camera starts by itself. */
  readonly camera: boolean;
  readonly cameraId: string | null;
  /** Programs in which the last thing booked was a visit rather than an amount, or the other way round. */
  readonly way: Readonly<Record<string, 'amount' | 'visit'>>;
  /** The location at which customers were checked in last. */
  readonly place: string | null;
  /** Whether customers are checked in here, as far as was known with a network. */
  readonly checksIn: boolean;
  /** What the server said last that this till does by itself after a scan. */
  readonly action: ScanAction;
}

const STORED = 'passerelle.till';
const USUAL: Preferences = { sound: true, vibration: true, camera: false, cameraId: null, way: {}, place: null, checksIn: false, action: 'ask' };

let current: Preferences = read();
const listeners = new Set<() => void>();

function read(): Preferences {
  try {
    return { ...USUAL, ...(JSON.parse(localStorage.getItem(STORED) ?? '{}') as Partial<Preferences>) };
  } catch {
    return USUAL;
  }
}

export const preferences = (): Preferences => current;

export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  localStorage.setItem(STORED, JSON.stringify(current));
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, preferences);
