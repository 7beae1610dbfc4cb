/** What a reward is, in a few words. */
import type { TFunction } from 'i18next';

import { money, percent } from '@/lib/format';
import { unitAmount, unitOf } from '@/lib/units';

import type { Benefit, Program, Reward } from './reward';

export function benefitText(benefit: Benefit, currency: string, t: TFunction): string {
  switch (benefit.type) {
    case 'amount_off':
      return t('benefitText.amount_off', { amount: money(benefit.amount_minor, currency) });
    case 'percent_off': {
      const text = t('benefitText.percent_off', { percent: percent(benefit.percent / 100) });
      return benefit.maximum_minor ? `${text} ${t('benefitText.upTo', { amount: money(benefit.maximum_minor, currency) })}` : text;
    }
    case 'other':
      return benefit.text === '' ? t('benefit.other') : (benefit.text ?? t('benefit.other'));
    default:
      return t(`benefit.${benefit.type}`);
  }
}

/** What a reward costs; one without a price is only given. */
export function priceText(reward: Pick<Reward, 'price' | 'unit'>, program: Program | undefined, t: TFunction): string {
  if (reward.price === null) return t('gift');
  const unit = program && unitOf(program.units, reward.unit);
  return unit ? unitAmount(reward.price, unit) : String(reward.price);
}
