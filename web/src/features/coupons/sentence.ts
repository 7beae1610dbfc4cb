/** What a campaign promises, in words: “10% off, from €20.00, each code once, until 31 Dec 2026”. */
import type { TFunction } from 'i18next';

import { money } from '@/lib/format';
import { unitAmount, unitOf, type UnitWords } from '@/lib/units';
import { conditionParts, windowParts } from '@/ui/earning/conditionParts';
import { clockTime, listed, named, weekdayName } from '@/ui/earning/phrases';
import { finished, percentage } from '@/ui/earning/sentence';
import type { Words } from '@/ui/earning/words';

import type { AfterPurchase, Effect, Items, Limit, Values } from './campaign';

export function couponSentence({ terms, starts_at, ends_at, after_purchase }: Values, words: Words, t: TFunction): string {
  const { conditions } = terms;
  const goods = [...conditions.skus, ...conditions.categories].map(named);
  const parts = [
    effectText(terms.effect, words, t),
    ...(goods.length > 0 ? [t('text.on', { goods: listed(goods, words) })] : []),
    ...(conditions.minimum_basket_minor ? [words.t('part.minimum', { amount: money(conditions.minimum_basket_minor, words.currency) })] : []),
    ...(conditions.hours.length > 0 ? [listed(conditions.hours.map((hours) => hoursText(hours, words, t)), words, 'disjunction')] : []),
    ...(conditions.location_ids.length > 0 ? [words.t('part.locations', { names: listed(conditions.location_ids.map((id) => named(words.locations.get(id) ?? '…')), words, 'disjunction') })] : []),
    ...(conditions.channels.length > 0 ? [listed(conditions.channels.map((channel) => words.t(`channel.${channel}`)), words, 'disjunction')] : []),
    ...windowParts(starts_at, ends_at, words),
    terms.uses_per_code === null ? t('text.anyUses') : t('text.uses', { count: terms.uses_per_code }),
    ...(terms.holder_only ? [t('text.holderOnly')] : []),
    ...terms.limits.map((limit) => limitText(limit, words, t)),
    ...(after_purchase ? [afterText(after_purchase, words, t)] : []),
  ];
  return finished(parts, words);
}

function afterText({ minimum_amount_minor, items, conditions }: AfterPurchase, words: Words, t: TFunction): string {
  const told = [
    ...(minimum_amount_minor ? [words.t('part.minimum', { amount: money(minimum_amount_minor, words.currency) })] : []),
    ...(items ? [t('text.afterItems', { count: items.quantity ?? 1, goods: goodsOf(items, words) })] : []),
    ...(conditions ? conditionParts(conditions, words) : []),
  ];
  return told.length > 0 ? t('text.afterWith', { conditions: told.join(words.t('part.join')) }) : t('text.after');
}

const goodsOf = ({ skus = [], categories = [] }: Items, words: Pick<Words, 'language'>) => listed([...skus, ...categories].map(named), words, 'disjunction');

export function effectText(effect: Effect, words: Pick<Words, 'language' | 'currency'> & { readonly units?: readonly UnitWords[] }, t: TFunction): string {
  switch (effect.type) {
    case 'amount_off':
      return t('text.amount_off', { amount: money(effect.amount_minor, words.currency) });
    case 'percent_off': {
      const text = t('text.percent_off', { percent: percentage(effect.basis_points, words) });
      return effect.max_discount_minor ? `${text} ${t('text.upTo', { amount: money(effect.max_discount_minor, words.currency) })}` : text;
    }
    case 'free_item': {
      return t('text.free_item', { count: effect.quantity ?? 1, goods: goodsOf(effect, words) });
    }
    case 'buy_get': {
      const bought = t('text.bought', { count: effect.buy.quantity ?? 1, goods: goodsOf(effect.buy, words) });
      const others = effect.get ? goodsOf(effect.get, words) : '';
      const given = t(others ? 'text.givenOf' : 'text.given', { count: effect.get?.quantity ?? 1, goods: others });
      const off = effect.basis_points && effect.basis_points < 10_000 ? t('text.cheaper', { percent: percentage(effect.basis_points, words) }) : t('text.forFree');
      return t('text.buy_get', { bought, given, off });
    }
    case 'grant_units': {
      const unit = unitOf(words.units ?? [], effect.unit);
      return t('text.grant_units', { units: unit ? unitAmount(effect.amount, unit) : effect.amount });
    }
  }
}

type Hours = Values['terms']['conditions']['hours'][number];

function hoursText({ days = [], opens, closes }: Hours, words: Words, t: TFunction): string {
  const span = words.t('part.hours', { from: clockTime(opens, words), to: clockTime(closes, words) });
  if (days.length === 0 || days.length === 7) return span;
  return t('text.hours', { days: listed(days.map((day) => weekdayName(day - 1, words, 'short')), words), span });
}

function limitText(limit: Limit, words: Words, t: TFunction): string {
  const per = t(`per.${limit.of}.${limit.period ?? 'ever'}`);
  const parts = [
    ...(limit.uses ? [t('text.limitUses', { count: limit.uses, per })] : []),
    ...(limit.discount_minor ? [t('text.limitDiscount', { amount: money(limit.discount_minor, words.currency), per })] : []),
  ];
  return parts.join(words.t('part.join'));
}
