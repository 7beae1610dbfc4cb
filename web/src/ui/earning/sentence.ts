/** A rule in a merchant's words, as it is built: “1 point per €1.00, on weekdays, 14:00–17:00, at most 50 a day”. */
import { money } from '@/lib/format';
import { unitAmount, unitOf } from '@/lib/units';

import { conditionParts } from './conditionParts';
import { BASE_PARTS, type Base, type Cap, type Rule, type Times, USUAL_BASE } from './kinds';
import { duration, listed, named } from './phrases';
import { timingParts } from './timing';
import type { Words } from './words';

export function ruleSentence(rule: Rule, words: Words): string {
  const parts = [
    head(rule, words),
    ...(rule.minimum_amount_minor ? [words.t('part.minimum', { amount: money(rule.minimum_amount_minor, words.currency) })] : []),
    ...conditionParts(rule.conditions ?? {}, words),
    ...capsOf(rule).map((cap) => capPart(cap, rule, words)),
    ...(rule.times ?? []).map((limit) => timesPart(limit, words)),
    ...(rule.cooldown_minutes ? [words.t('part.cooldown', { time: duration(rule.cooldown_minutes, words) })] : []),
    ...(rule.base ? baseParts(rule.base, words) : []),
    ...(rule.timing ? timingParts(rule.timing, words) : []),
  ];
  return finished(parts, words);
}

/** Parts as one sentence that begins with a capital, where the script has them. */
export function finished(parts: readonly string[], words: Words): string {
  const text = parts.filter(Boolean).join(words.t('part.join'));
  return text.charAt(0).toLocaleUpperCase(words.language) + text.slice(1);
}

/** The short forms of caps stand beside the general ones. */
export function capsOf(rule: Rule): Cap[] {
  const short: Cap[] = [];
  if (rule.cap_per_purchase) short.push({ per: 'purchase', units: rule.cap_per_purchase });
  if (rule.cap_per_day) short.push({ per: 'day', units: rule.cap_per_day });
  return [...short, ...(rule.caps ?? [])];
}

/** How what counts differs from what usually does. */
export function baseParts(base: Base, words: Words): string[] {
  const changed = BASE_PARTS.filter((part) => (base[part] ?? USUAL_BASE[part]) !== USUAL_BASE[part]);
  const counted = changed.filter((part) => base[part]).map((part) => words.t(`base.${part}`));
  const left = changed.filter((part) => !base[part]).map((part) => words.t(`base.${part}`));
  const excluded = [...(base.excluded_skus ?? []), ...(base.excluded_categories ?? [])].map(named);
  return [
    ...(counted.length > 0 ? [words.t('part.counting', { what: listed(counted, words) })] : []),
    ...(left.length > 0 ? [words.t('part.notCounting', { what: listed(left, words) })] : []),
    ...(excluded.length > 0 ? [words.t('part.except', { what: listed(excluded, words) })] : []),
  ];
}

function head(rule: Rule, words: Words): string {
  const { t, currency } = words;
  switch (rule.type) {
    case 'per_amount': {
      const rounding = rule.rounding && rule.rounding !== 'floor' ? t(`rounding.${rule.rounding}`) : '';
      const step = money(rule.amount_minor_per_step, currency);
      return t('head.per_amount', { units: amount(rule.units_per_step ?? 1, rule, words), step }) + rounding;
    }
    case 'per_percent':
      return t('head.per_percent', { percent: percentage(rule.basis_points, words) });
    case 'per_visit':
      return t('head.per_visit', { units: amount(rule.units ?? 1, rule, words) }) + visitPace(rule, words);
    case 'per_item': {
      const goods = [...(rule.skus ?? []), ...(rule.categories ?? [])].map(named);
      const units = amount(rule.units_per_item ?? 1, rule, words);
      const which = goods.length > 0 ? t('head.per_item_of', { units, goods: listed(goods, words, 'disjunction') }) : t('head.per_item', { units });
      const least = rule.minimum_quantity ?? 1;
      return least > 1 ? which + t('part.join') + t('part.minimumItems', { count: least }) : which;
    }
    case 'per_event':
      return t('head.per_event', { units: amount(rule.units ?? 1, rule, words), event: named(rule.event) });
  }
}

function visitPace(rule: { once_per_day?: boolean; once_per_minutes?: number | null }, words: Words): string {
  const pace: string[] = [];
  if (rule.once_per_day) pace.push(words.t('part.oncePerDay'));
  if (rule.once_per_minutes) pace.push(words.t('part.oncePer', { time: duration(rule.once_per_minutes, words) }));
  return pace.map((part) => words.t('part.join') + part).join('');
}

function capPart(cap: Cap, rule: Rule, words: Words): string {
  const key = cap.action === 'refuse' ? 'cap.refuse' : 'cap.reduce';
  return words.t(key, { units: amount(cap.units, rule, words), per: words.t(`per.${cap.per}`) });
}

function timesPart(limit: Times, words: Words): string {
  return words.t('part.times', { count: limit.times, per: words.t(`per.${limit.per}`) });
}

function amount(units: number, rule: Rule, words: Words): string {
  const unit = unitOf(words.units, rule.unit);
  return unit ? unitAmount(units, unit) : String(units);
}

export const percentage = (basisPoints: number, { language }: Pick<Words, 'language'>): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 }).format(basisPoints / 10_000);

