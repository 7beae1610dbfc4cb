/** A promotion in a merchant's words: “Double points, on weekdays, until 31 Dec 2026”. */
import type { Schemas } from '@/lib/api';
import { money } from '@/lib/format';
import { unitAmount, unitName, unitOf } from '@/lib/units';

import { conditionParts, windowParts } from './conditionParts';
import { finished } from './sentence';
import { timingParts } from './timing';
import type { Words } from './words';

export type Promotion = Omit<Schemas['PromotionIn'], 'program_id' | 'state'>;

export function promotionSentence(promotion: Promotion, words: Words): string {
  const { t } = words;
  const unit = unitOf(words.units, promotion.unit);
  const parts = [effectPart(promotion.effect, unit, words)];
  if (promotion.minimum_amount_minor) parts.push(t('part.minimum', { amount: money(promotion.minimum_amount_minor, words.currency) }));
  parts.push(...conditionParts(promotion.conditions ?? {}, words), ...windowParts(promotion.starts_at, promotion.ends_at, words));
  const count = (value: number) => ({ count: value });
  if (promotion.limit_per_customer) parts.push(t('promotion.limit', count(promotion.limit_per_customer)));
  if (promotion.budget_uses) parts.push(t('promotion.uses', count(promotion.budget_uses)));
  if (promotion.budget_units && unit) parts.push(t('promotion.units', { units: unitAmount(promotion.budget_units, unit) }));
  if (promotion.stacking === 'exclusive') parts.push(t('promotion.alone'));
  if (promotion.timing) parts.push(...timingParts(promotion.timing, words));
  return finished(parts, words);
}

function effectPart(effect: Promotion['effect'], unit: Words['units'][number] | undefined, { t, language }: Words): string {
  if (effect.type === 'bonus') return t('promotion.bonus', { units: unit ? unitAmount(effect.units, unit) : effect.units });
  const name = unit ? unitName(unit, 10, language) : '';
  if (effect.percent === 200) return t('promotion.double', { unit: name });
  if (effect.percent === 300) return t('promotion.triple', { unit: name });
  return t('promotion.times', { unit: name, factor: new Intl.NumberFormat(language).format(effect.percent / 100) });
}
