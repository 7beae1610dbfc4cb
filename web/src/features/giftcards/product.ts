/** A gift card product while it is edited, and as it is saved. */
import type { Schemas } from '@/lib/api';
import { currencyDigits } from '@/lib/format';

export type Product = Schemas['GiftCardProductOut'];
export type GiftCard = Schemas['GiftCardOut'];
export type Activity = Schemas['ActivityOut'];

export interface Values {
  readonly name: string;
  readonly names: Record<string, string>;
  readonly isOpen: boolean;
  readonly amounts: number[];
  readonly minimum: number;
  readonly maximum: number;
  readonly months: number | null;
  readonly reloadable: boolean;
  readonly maxBalance: number | null;
  readonly active: boolean;
}

export function newProduct(currency: string): Values {
  const major = 10 ** currencyDigits(currency);
  return { name: '', names: {}, isOpen: false, amounts: [20 * major, 50 * major, 100 * major], minimum: 10 * major, maximum: 200 * major, months: 24, reloadable: true, maxBalance: null, active: true };
}

export function valuesOf(product: Product): Values {
  const { amounts } = product;
  const usual = newProduct(product.currency);
  return {
    name: product.name,
    names: product.names,
    isOpen: !amounts.amounts_minor,
    amounts: amounts.amounts_minor ?? usual.amounts,
    minimum: amounts.minimum_minor ?? usual.minimum,
    maximum: amounts.maximum_minor ?? usual.maximum,
    months: product.expires_after_months,
    reloadable: product.reloadable,
    maxBalance: product.max_balance_minor,
    active: product.active,
  };
}

export function amountsOf(values: Values): Schemas['Amounts'] {
  if (values.isOpen) return { minimum_minor: values.minimum, maximum_minor: values.maximum };
  return { amounts_minor: [...new Set(values.amounts)].sort((one, other) => one - other) };
}

export const productIn = (values: Values): Schemas['GiftCardProductIn'] => ({
  name: values.name,
  names: values.names,
  amounts: amountsOf(values),
  expires_after_months: values.months,
  reloadable: values.reloadable,
  active: values.active,
  ...(values.maxBalance === null ? {} : { max_balance_minor: values.maxBalance }),
});

/** What somebody may do to a card, by its state; the server has the last word. */
export const ACTIONS = {
  PENDING: ['ACTIVATE', 'DEACTIVATE'],
  ACTIVE: ['LOAD', 'REDEEM', 'ADJUST_INCREMENT', 'ADJUST_DECREMENT', 'BLOCK', 'CLEAR_BALANCE', 'DEACTIVATE'],
  BLOCKED: ['UNBLOCK'],
  DEACTIVATED: [],
} as const satisfies Record<GiftCard['state'], readonly Activity['type'][]>;
export type Action = (typeof ACTIONS)[keyof typeof ACTIONS][number];

export const NEEDS_AMOUNT: ReadonlySet<Action> = new Set(['ACTIVATE', 'LOAD', 'REDEEM', 'ADJUST_INCREMENT', 'ADJUST_DECREMENT']);
export const NEEDS_REASON: ReadonlySet<Action> = new Set(['ADJUST_INCREMENT', 'ADJUST_DECREMENT', 'BLOCK', 'CLEAR_BALANCE', 'DEACTIVATE']);

export const STATE_COLOURS: Readonly<Record<GiftCard['state'], string>> = { PENDING: 'gray', ACTIVE: 'teal', BLOCKED: 'red', DEACTIVATED: 'gray' };
