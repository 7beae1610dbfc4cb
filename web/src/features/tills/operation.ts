/** What a queued operation says of itself; it came from a device and may lack anything. */
import type { Operation } from './requests';

const KINDS = ['purchase', 'visit', 'redemption', 'undo'] as const;
type Kind = (typeof KINDS)[number] | 'unknown';

export interface Told {
  readonly kind: Kind;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  /** The end of the card's code, as much as tells cards apart. */
  readonly cardEnd: string | null;
  readonly at: string;
}

const CURRENCY = /^[A-Z]{3}$/;

export function toldBy({ kind, payload, occurred_at, told_at, received_at }: Operation): Told {
  const { amount_minor: amount, currency, code } = payload;
  return {
    kind: KINDS.find((each) => each === kind) ?? 'unknown',
    amountMinor: typeof amount === 'number' && Number.isSafeInteger(amount) ? amount : null,
    currency: typeof currency === 'string' && CURRENCY.test(currency) ? currency : null,
    cardEnd: typeof code === 'string' && code !== '' ? code.slice(-6) : null,
    at: occurred_at ?? told_at ?? received_at,
  };
}

/** How far a till's clock is off, in whole minutes, when that is more than the server lets pass; before ours is negative. */
export function minutesOff(skewSeconds: number | null): number | null {
  return skewSeconds === null || Math.abs(skewSeconds) <= 300 ? null : Math.round(skewSeconds / 60);
}
