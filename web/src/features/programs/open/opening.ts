/** A new programme as a merchant thinks of it, and as the server takes it. */
import type { Schemas } from '@/lib/api';
import { currencyDigits } from '@/lib/format';
import type { UnitWords } from '@/lib/units';
import type { Rule } from '@/ui/earning/kinds';

export const KINDS = ['stamps', 'points', 'cashback', 'multipass', 'membership'] as const;
export type Kind = (typeof KINDS)[number];
/** What gives a stamp. */
export type StampFor = 'visit' | 'item' | 'amount';

export interface Opening {
  readonly kind: Kind;
  readonly name: string;
  readonly names: Record<string, string>;
  /** Stamps on a card, or the points that the first reward costs; none for points without a reward. */
  readonly goal: number | null;
  readonly rewardName: string;
  readonly rewardNames: Record<string, string>;
  readonly stampFor: StampFor;
  readonly oncePerDay: boolean;
  readonly unitsPerStep: number;
  readonly amountPerStep: number;
  readonly basisPoints: number;
  readonly draft: boolean;
}

export function openingOf(kind: Kind, currency: string): Opening {
  return {
    kind,
    name: '',
    names: {},
    goal: kind === 'stamps' ? 10 : null,
    rewardName: '',
    rewardNames: {},
    stampFor: 'visit',
    oncePerDay: false,
    unitsPerStep: 1,
    amountPerStep: 10 ** currencyDigits(currency),
    basisPoints: 500,
    draft: false,
  };
}

/** The rule that comes with the programme; membership and multipass earn nothing by buying. */
export function firstRule(opening: Opening): Rule | null {
  const step = { amount_minor_per_step: opening.amountPerStep, units_per_step: opening.unitsPerStep };
  switch (opening.kind) {
    case 'stamps':
      if (opening.stampFor === 'amount') return { type: 'per_amount', unit: 'stamps', ...step };
      if (opening.stampFor === 'item') return { type: 'per_item', unit: 'stamps', units_per_item: 1 };
      return { type: 'per_visit', unit: 'stamps', units: 1, once_per_day: opening.oncePerDay };
    case 'points':
      return { type: 'per_amount', unit: 'points', ...step };
    case 'cashback':
      return { type: 'per_percent', unit: 'money', basis_points: opening.basisPoints, base: { taxes: false } };
    default:
      return null;
  }
}

export function programIn(opening: Opening): Schemas['ProgramIn'] {
  const rule = firstRule(opening);
  const hasReward = opening.goal !== null && opening.rewardName.trim() !== '' && opening.kind !== 'cashback';
  const counts = opening.kind === 'stamps' || opening.kind === 'points';
  return {
    name: opening.name,
    names: opening.names,
    kind: opening.kind,
    state: opening.draft ? 'draft' : 'active',
    ...(counts && opening.goal !== null ? { goal: opening.goal } : {}),
    ...(hasReward ? { reward_name: opening.rewardName, reward_names: opening.rewardNames } : {}),
    ...(rule ? { rules: [rule] } : {}),
  };
}

/** The unit that comes with a kind, before there is a programme; `forms` are its words in the reader's language. */
export function unitBefore(kind: Kind, currency: string, language: string, forms: Record<string, string>): UnitWords {
  const own = { stamps: 'stamps', points: 'points', cashback: 'money', multipass: 'sessions', membership: 'points' }[kind];
  return { code: own, kind: own, currency: own === 'money' ? currency : null, decimals: 0, names: { [language]: forms } };
}
