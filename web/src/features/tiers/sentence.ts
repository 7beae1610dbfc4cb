/** How a tier set is judged, in words. */
import type { TFunction } from 'i18next';

import type { Schemas } from '@/lib/api';
import { money, whole } from '@/lib/format';
import { i18n } from '@/lib/i18n';
import { unitAmount, unitName, unitOf } from '@/lib/units';

import { type Values, hasUnit, hasWindow } from './tierSet';

type Program = Pick<Schemas['ProgramOut'], 'currency' | 'units'>;
type Judged = Pick<Values, 'basis' | 'unit' | 'window' | 'period' | 'upgrade' | 'validity' | 'downgrade' | 'grace_days' | 'grace_to_month_end'>;

/** “Points earned in the calendar year; reached at once; kept until the end of the next year.” */
export function setSentence(set: Judged, program: Program, t: TFunction): string {
  const unit = unitOf(program.units, set.unit);
  const counted = t(`counted.${set.basis}`, { units: hasUnit(set.basis) && unit ? unitName(unit, 10) : '' });
  const span = hasWindow(set.basis) ? ` ${windowText(set, t)}` : '';
  const parts = [counted + span, t(`upgradeText.${set.upgrade}`), validityText(set, t), ...(set.downgrade === 'full' ? [] : [t(`downgradeText.${set.downgrade}`)])];
  if (set.grace_days > 0) parts.push(t('graceText', { count: set.grace_days }));
  else if (set.grace_to_month_end) parts.push(t('graceMonth'));
  const text = parts.join(t('join'));
  return text.charAt(0).toLocaleUpperCase(i18n.language) + text.slice(1);
}

function windowText({ window, period }: Judged, t: TFunction): string {
  if (window.type === 'calendar') return t(`windowText.calendar.${period}`);
  if (window.type !== 'rolling') return t(`windowText.${window.type}`);
  return window.days ? t('windowText.days', { count: window.days }) : t('windowText.months', { count: window.months ?? 12 });
}

function validityText({ validity, period }: Judged, t: TFunction): string {
  const { type, days, months } = validity;
  if (type === 'continuous') return t('validityText.continuous');
  if (type === 'calendar_date') return t('validityText.calendar_date', { day: validity.day ?? 31, month: validity.month ?? 12 });
  if (type === 'duration') return days ? t('validityText.days', { count: days }) : t('validityText.months', { count: months ?? 12 });
  return t(`validityText.${type}.${period}`);
}

/** A threshold in what is counted. */
export function amountOf(threshold: number, set: Pick<Judged, 'basis' | 'unit'>, program: Program, t: TFunction): string {
  if (set.basis === 'spend') return money(threshold, program.currency);
  if (set.basis === 'visits') return t('visitCount', { count: threshold });
  if (set.basis === 'time') return t('dayCount', { count: threshold });
  const unit = unitOf(program.units, set.unit);
  return unit ? unitAmount(threshold, unit) : whole(threshold);
}
