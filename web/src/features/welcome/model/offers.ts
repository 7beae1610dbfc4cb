/** What can be begun with: its questions with answers that would do, and what the server is asked for. */
import type { Schemas } from '@/lib/api';
import { currencyDigits, money, percent } from '@/lib/format';
import type { Language } from '@/lib/i18n';

/** Programmes that one joins, and what is sold or handed out by code; all have a card. */
export const PROGRAM_KINDS = ['stamps', 'points', 'cashback', 'multipass', 'membership'] as const;
export const KINDS = [...PROGRAM_KINDS, 'gift_card', 'coupon'] as const;
export type ProgramKind = (typeof PROGRAM_KINDS)[number];
export type Kind = (typeof KINDS)[number];

export const isProgram = (kind: Kind): kind is ProgramKind => PROGRAM_KINDS.some((known) => known === kind);

export interface Answers {
  readonly name: string;
  /** Stamps on a card, or what the first reward costs. */
  readonly goal: number;
  readonly reward: string;
  readonly stampFor: 'visit' | 'item';
  readonly amountPerPoint: number;
  readonly basisPoints: number;
  readonly amounts: readonly number[];
  readonly months: number;
}

type Texts = Readonly<Record<Language, string>>;
const NAMES: Readonly<Record<Kind, Texts>> = {
  stamps: { en: 'Stamp card', fr: 'Carte à tampons', ar: 'بطاقة الأختام' },
  points: { en: 'Points card', fr: 'Carte de points', ar: 'بطاقة النقاط' },
  cashback: { en: 'Cashback', fr: 'Cashback', ar: 'استرداد نقدي' },
  multipass: { en: 'Ten visits', fr: 'Dix entrées', ar: 'عشر حصص' },
  membership: { en: 'The club', fr: 'Le club', ar: 'النادي' },
  gift_card: { en: 'Gift card', fr: 'Carte cadeau', ar: 'بطاقة هدية' },
  coupon: { en: 'Welcome offer', fr: 'Offre de bienvenue', ar: 'عرض الترحيب' },
};
const REWARDS: Readonly<Partial<Record<Kind, Texts>>> = {
  stamps: { en: 'Free coffee', fr: 'Un café offert', ar: 'قهوة مجانية' },
  points: { en: 'A gift of your choice', fr: 'Un cadeau au choix', ar: 'هدية من اختيارك' },
};

export function answersOf(kind: Kind, language: Language, currency: string): Answers {
  const major = 10 ** currencyDigits(currency);
  return {
    name: NAMES[kind][language],
    goal: kind === 'points' ? 100 : 10,
    reward: REWARDS[kind]?.[language] ?? '',
    stampFor: 'visit',
    amountPerPoint: major,
    basisPoints: kind === 'coupon' ? 1000 : 500,
    amounts: [20 * major, 50 * major, 100 * major],
    months: 24,
  };
}

/** What the answers say of the first card, instead of what a sample would. */
export function knownOf({ kind, answers }: { readonly kind: Kind | null; readonly answers: Answers | null }, currency: string): Readonly<Record<string, string>> {
  if (kind === null || answers === null) return {};
  if (kind === 'coupon') return { 'coupon.value': `−${percent(answers.basisPoints / 10_000)}`, 'coupon.title': answers.name };
  if (kind === 'gift_card') return { 'gift_card.balance': money(Math.min(...answers.amounts), currency), 'gift_card.product': answers.name };
  return answers.reward ? { 'reward.name': answers.reward } : {};
}

/** Translations of a text that was left as it was suggested; what somebody wrote has none yet. */
function inOtherLanguages(text: string, suggested: Texts | undefined, language: Language): Record<string, string> {
  if (text !== suggested?.[language]) return {};
  return Object.fromEntries(Object.entries(suggested).filter(([tag]) => tag !== language));
}

/** What a card is designed for, whether it is there or not yet. */
export function suggestionOf<K extends Kind>(kind: K, answers: Answers, language: Language): Schemas['SuggestionIn'] & { readonly kind: K } {
  const hasReward = kind === 'stamps' || kind === 'points';
  return {
    kind,
    name: answers.name,
    names: inOtherLanguages(answers.name, NAMES[kind], language),
    ...(hasReward ? { goal: answers.goal } : {}),
    ...(hasReward && answers.reward !== '' ? { reward_name: answers.reward, reward_names: inOtherLanguages(answers.reward, REWARDS[kind], language) } : {}),
  };
}

export function programOf(kind: ProgramKind, answers: Answers, language: Language): Schemas['ProgramIn'] {
  const rules = rulesOf(kind, answers);
  return { ...suggestionOf(kind, answers, language), state: 'active', ...(rules ? { rules } : {}) };
}

function rulesOf(kind: ProgramKind, { stampFor, amountPerPoint, basisPoints }: Answers): NonNullable<Schemas['ProgramIn']['rules']> | null {
  switch (kind) {
    case 'stamps':
      return stampFor === 'visit' ? [{ type: 'per_visit', unit: 'stamps', units: 1 }] : [{ type: 'per_item', unit: 'stamps', units_per_item: 1 }];
    case 'points':
      return [{ type: 'per_amount', unit: 'points', amount_minor_per_step: amountPerPoint, units_per_step: 1 }];
    case 'cashback':
      return [{ type: 'per_percent', unit: 'money', basis_points: basisPoints, base: { taxes: false } }];
    default:
      return null;
  }
}

/** A gift card whose cards have a design. */
export const productOf = ({ name, amounts, months }: Answers, language: Language, templateId: string): Schemas['GiftCardProductIn'] => ({
  name,
  names: inOtherLanguages(name, NAMES.gift_card, language),
  amounts: { amounts_minor: [...new Set(amounts)].sort((one, other) => one - other) },
  expires_after_months: months,
  template_id: templateId,
});

/** A coupon whose cards have a design. */
export const campaignOf = ({ name, basisPoints }: Answers, language: Language, templateId: string): Schemas['CampaignIn'] => ({
  name,
  names: inOtherLanguages(name, NAMES.coupon, language),
  terms: { effect: { type: 'percent_off', basis_points: basisPoints } },
  template_id: templateId,
});
