/** What can be begun with: its questions with answers that would do, and what the server is asked for. */
import type { Schemas } from '@/lib/api';
import { currencyDigits, day, instant, money, percent, whole } from '@/lib/format';
import type { Language } from '@/lib/i18n';
import { instantOf, wallTime } from '@/lib/zones';

/** Programmes that one joins, and what is sold or handed out by code; all have a card. */
export const PROGRAM_KINDS = ['stamps', 'points', 'cashback', 'multipass', 'membership'] as const;
export const KINDS = [...PROGRAM_KINDS, 'gift_card', 'coupon', 'ticket'] as const;
export type ProgramKind = (typeof PROGRAM_KINDS)[number];
export type Kind = (typeof KINDS)[number];

export const isProgram = (kind: Kind): kind is ProgramKind => PROGRAM_KINDS.some((known) => known === kind);

/** How long a membership runs: without an end, a month or a year at a time, to a day of each year. */
export const RUNS = ['open', 'month', 'year', 'day'] as const;

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
  /** Of a membership; a draft that was kept before they were asked for has none. `dues` is what one term costs, `endsOn` a day of some year. */
  readonly runs?: (typeof RUNS)[number];
  readonly dues?: number;
  readonly endsOn?: string;
  /** Of an event: where, when, and for how many. */
  readonly venue: string;
  readonly address: string;
  readonly startsAt: string | null;
  readonly capacity: number;
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
  ticket: { en: 'Opening night', fr: 'Soirée d’ouverture', ar: 'ليلة الافتتاح' },
};
const REWARDS: Readonly<Partial<Record<Kind, Texts>>> = {
  stamps: { en: 'Free coffee', fr: 'Un café offert', ar: 'قهوة مجانية' },
  points: { en: 'A gift of your choice', fr: 'Un cadeau au choix', ar: 'هدية من اختيارك' },
};

/** What people give away, in major units, where 20, 50 and 100 would be odd. */
const AMOUNTS: Readonly<Record<string, readonly number[]>> = {
  MAD: [100, 200, 500],
  EGP: [200, 500, 1000],
  DZD: [1000, 2000, 5000],
  JPY: [1000, 3000, 5000],
  XOF: [5000, 10_000, 25_000],
  XAF: [5000, 10_000, 25_000],
};
const USUAL_AMOUNTS = [20, 50, 100] as const;

/** What the shop step told of the place, for an event there. */
export interface Place {
  readonly name: string;
  readonly address: string;
  readonly timeZone: string;
}

const WEEK_MS = 7 * 86_400_000;

/** In a week, in the evening. */
const someEvening = (timeZone: string): string | null => instantOf(`${wallTime(new Date(Date.now() + WEEK_MS).toISOString(), timeZone).slice(0, 10)}T20:00`, timeZone);

export function answersOf(kind: Kind, language: Language, currency: string, place?: Place): Answers {
  const major = 10 ** currencyDigits(currency);
  const amounts = (AMOUNTS[currency] ?? USUAL_AMOUNTS).map((amount) => amount * major);
  return {
    name: NAMES[kind][language],
    goal: kind === 'points' ? 100 : 10,
    reward: REWARDS[kind]?.[language] ?? '',
    stampFor: 'visit',
    amountPerPoint: major,
    basisPoints: kind === 'coupon' ? 1000 : 500,
    amounts,
    months: 24,
    runs: 'open',
    dues: Math.min(...amounts),
    endsOn: `${new Date().getFullYear()}-12-31`,
    venue: place?.name ?? '',
    address: place?.address ?? '',
    startsAt: place ? someEvening(place.timeZone) : null,
    capacity: 50,
  };
}

/** What the answers say of the first card, instead of what a sample would. */
export function knownOf({ kind, answers }: { readonly kind: Kind | null; readonly answers: Answers | null }, currency: string): Readonly<Record<string, string>> {
  if (kind === null || answers === null) return {};
  if (kind === 'coupon') return { 'coupon.value': `−${percent(answers.basisPoints / 10_000)}`, 'coupon.title': answers.name, 'pass.expires': '' };
  if (kind === 'gift_card') return { 'gift_card.balance': money(Math.min(...answers.amounts), currency), 'gift_card.product': answers.name, 'pass.expires': lastDay(answers.months) };
  if (kind === 'ticket') return { 'event.name': answers.name, 'event.venue': answers.venue, ...(answers.startsAt ? { 'event.starts': instant(answers.startsAt) } : {}) };
  const reward = answers.reward ? { 'reward.name': answers.reward } : {};
  if (kind !== 'points') return reward;
  const collected = Math.floor(answers.goal * 0.6);
  return { ...reward, 'balance.points': whole(collected), 'reward.missing': whole(answers.goal - collected) };
}

/** Until when something is good that is bought today. */
function lastDay(months: number): string {
  const now = new Date();
  return day(new Date(Date.UTC(now.getFullYear(), now.getMonth() + months, now.getDate())).toISOString(), 'UTC');
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
  const term = kind === 'membership' ? termOf(answers) : null;
  return { ...suggestionOf(kind, answers, language), state: 'active', ...(rules ? { rules } : {}), ...(term ? { settings: { term } } : {}) };
}

/** What has a price counts from the first payment on: who joins and pays at the counter would have two terms for one. */
function termOf({ runs = 'open', dues = 0, endsOn = '' }: Answers): Schemas['TermSettings'] | null {
  if (runs === 'open') return null;
  const length = { month: { months: 1 }, year: { years: 1 }, day: { ends_on: endsOn.slice(5) } }[runs];
  return { ...length, price_minor: dues, joining: dues > 0 ? 'unpaid' : 'open' };
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

/** An event whose tickets have a design. */
export const eventOf = ({ name, venue, address, startsAt, capacity }: Answers, language: Language, templateId: string): Schemas['TicketedEventIn'] => ({
  name,
  names: inOtherLanguages(name, NAMES.ticket, language),
  venue_name: venue,
  venue_address: address.trim() || null,
  starts_at: startsAt ?? '',
  capacity,
  template_id: templateId,
});
