/** When a rule or a promotion applies, part by part. */
import { day as dayOf, instant } from '@/lib/format';

import { type Conditions, WEEKDAYS } from './kinds';
import { clockTime, listed, named, weekdayName } from './phrases';
import type { Words } from './words';

export function conditionParts(conditions: Conditions, words: Words): string[] {
  const { t } = words;
  const names = (ids: readonly string[], known: ReadonlyMap<string, string>) => listed(ids.map((id) => named(known.get(id) ?? '…')), words, 'disjunction');
  const parts: string[] = [];
  if (conditions.first_purchase) parts.push(t('part.firstPurchase'));
  if (filled(conditions.weekdays)) parts.push(daysPart(conditions.weekdays, words));
  if (filled(conditions.hours)) {
    const spans = conditions.hours.map(({ from, to }) => t('part.hours', { from: clockTime(from, words), to: clockTime(to, words) }));
    parts.push(listed(spans, words, 'disjunction'));
  }
  parts.push(...windowParts(conditions.starts_at, conditions.ends_at, words));
  if (filled(conditions.locations)) parts.push(t('part.locations', { names: names(conditions.locations, words.locations) }));
  if (filled(conditions.tiers)) parts.push(t('part.tiers', { names: names(conditions.tiers, words.tiers) }));
  if (filled(conditions.segments)) parts.push(t('part.segments', { names: listed(conditions.segments.map(named), words, 'disjunction') }));
  if (filled(conditions.channels)) parts.push(listed(conditions.channels.map((channel) => t(`channel.${channel}`)), words, 'disjunction'));
  for (const attribute of conditions.attributes ?? []) parts.push(attributePart(attribute, words));
  return parts;
}

/** From and until when; instants at midnight are told as days, of which the last is the one before. */
export function windowParts(startsAt: string | null | undefined, endsAt: string | null | undefined, words: Words): string[] {
  const parts: string[] = [];
  if (startsAt) parts.push(words.t('part.from', { date: isMidnight(startsAt, words) ? dayOf(startsAt, words.timeZone) : instant(startsAt, words.timeZone) }));
  if (endsAt) {
    const last = new Date(new Date(endsAt).getTime() - 1).toISOString();
    const isWhole = isMidnight(endsAt, words);
    parts.push(words.t(isWhole ? 'part.untilDay' : 'part.until', { date: isWhole ? dayOf(last, words.timeZone) : instant(endsAt, words.timeZone) }));
  }
  return parts;
}

const filled = <T>(list: readonly T[] | null | undefined): list is readonly T[] => Boolean(list && list.length > 0);

function isMidnight(iso: string, { timeZone }: Words): boolean {
  const shown = new Intl.DateTimeFormat('en', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso));
  return shown === '00:00';
}

function daysPart(days: NonNullable<Conditions['weekdays']>, words: Words): string {
  const chosen = WEEKDAYS.filter((weekday) => days.includes(weekday)).join();
  if (chosen === 'mon,tue,wed,thu,fri') return words.t('part.weekdays');
  if (chosen === 'sat,sun') return words.t('part.weekends');
  const names = WEEKDAYS.flatMap((weekday, at) => (days.includes(weekday) ? [words.t('part.onDay', { day: weekdayName(at, words) })] : []));
  return words.t('part.onDays', { days: listed(names, words) });
}

type Attribute = NonNullable<Conditions['attributes']>[number];

function attributePart(attribute: Attribute, words: Words): string {
  const name = named(attribute.name);
  const told: string[] = [];
  const value = (given: unknown) => named(String(given));
  if (attribute.equals !== null && attribute.equals !== undefined) told.push(words.t('attribute.equals', { value: value(attribute.equals) }));
  if (filled(attribute.one_of)) told.push(words.t('attribute.equals', { value: listed(attribute.one_of.map(value), words, 'disjunction') }));
  if (attribute.at_least !== null && attribute.at_least !== undefined) told.push(words.t('attribute.atLeast', { value: value(attribute.at_least) }));
  if (attribute.at_most !== null && attribute.at_most !== undefined) told.push(words.t('attribute.atMost', { value: value(attribute.at_most) }));
  return words.t('attribute.is', { name, what: told.length > 0 ? listed(told, words) : words.t('attribute.present') });
}
