/** What every part of the editor shares: the design, how it is changed, what is wrong with it. */
import { createContext, useContext } from 'react';

import type { Schemas } from '@/lib/api';

import type { Design } from '../model/design';

export type Finding = Schemas['FindingOut'];
export type Placeholder = Schemas['PlaceholderOut'];

/** What can be done; it stays the same as long as the editor is open, so nobody is drawn again because of it. */
export interface Hands {
  /** Changes the design; changes with the same mark in a row are one step to undo. */
  readonly change: (recipe: (design: Design) => Design, mark?: string) => void;
  readonly pick: (key: string | null) => void;
  readonly placeholders: readonly Placeholder[];
}

export interface Desk extends Hands {
  readonly design: Design;
  readonly saved: Design;
  readonly findings: readonly Finding[];
  /** Addresses of the design's images by their place. */
  readonly images: Readonly<Record<string, string>>;
  readonly picked: string | null;
}

const context = createContext<Desk | null>(null);
export const DeskProvider = context.Provider;

export function useDesk(): Desk {
  const desk = useContext(context);
  if (!desk) throw new Error('This part of the editor stands outside of it.');
  return desk;
}

const hands = createContext<Hands | null>(null);
export const HandsProvider = hands.Provider;

export function useHands(): Hands {
  const found = useContext(hands);
  if (!found) throw new Error('This part of the editor stands outside of it.');
  return found;
}
