/** What was chosen so far: kept in this browser, so that leaving, reloading or signing in again loses nothing. */
import { useCallback, useState } from 'react';

import type { Answers, Kind } from './offers';
import type { PaletteName } from './palettes';
import type { Pattern } from './patterns';

export const STAMPS = ['cup', 'star', 'heart', 'check', 'circle'] as const;
export type Stamp = (typeof STAMPS)[number];

export interface Shop {
  readonly colour: string;
  readonly logo: string | null;
  /** The colours that the logo was found to have. */
  readonly found: readonly string[];
  readonly place: string;
  readonly address: string;
}

export interface Draft {
  readonly shop: Shop | null;
  readonly kind: Kind | null;
  readonly answers: Answers | null;
  readonly palette: PaletteName;
  readonly stamp: Stamp;
  readonly pattern: Pattern | null;
  /** Sent with each attempt to make what was chosen: the server makes it once. */
  readonly key: string;
  /** The programme, gift card, coupon or event that was made. */
  readonly madeId: string | null;
  /** The look that its card was given last. */
  readonly designedAs: string | null;
}

export const newDraft = (): Draft => ({
  shop: null,
  kind: null,
  answers: null,
  palette: 'brand',
  stamp: 'cup',
  pattern: 'waves',
  key: crypto.randomUUID(),
  madeId: null,
  designedAs: null,
});

const placeOf = (organizationId: string) => `passerelle.welcome.${organizationId}`;

export function keptDraft(organizationId: string): Draft | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(placeOf(organizationId)) ?? 'null');
    return typeof kept === 'object' && kept !== null ? { ...newDraft(), ...kept } : null;
  } catch {
    return null;
  }
}

export const forgetDraft = (organizationId: string): void => localStorage.removeItem(placeOf(organizationId));

export type Change = (change: Partial<Draft>) => void;

export function useWelcomeDraft(organizationId: string): readonly [Draft, Change] {
  const [draft, setDraft] = useState(() => keptDraft(organizationId) ?? newDraft());
  const change = useCallback<Change>(
    (part) =>
      setDraft((before) => {
        const after = { ...before, ...part };
        localStorage.setItem(placeOf(organizationId), JSON.stringify(after));
        return after;
      }),
    [organizationId],
  );
  return [draft, change];
}
