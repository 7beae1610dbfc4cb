/** How each figure is written and drawn. */
import { i18n } from '@/lib/i18n';
import { money, percent, whole } from '@/lib/format';
import type { Schemas } from '@/lib/api';

export type Kpi = Schemas['KpiOut'];

export const chartOf = (kpi: Kpi): 'bars' | 'line' => (kpi.unit === 'count' ? 'bars' : 'line');

export function written(value: number | null, unit: Kpi['unit'], currency: string): string {
  if (value === null) return '—';
  if (unit === 'minor_units') return money(value, currency);
  if (unit === 'share') return percent(value);
  if (unit === 'per_30_days') return new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 }).format(value);
  return whole(value);
}

export interface Trend {
  readonly direction: -1 | 0 | 1;
  readonly text: string;
}

/** The change over the period before: of shares in points, of the rest in percent. Null when there is none to tell. */
export function trendOf(kpi: Kpi): Trend | null {
  if (kpi.value === null || kpi.previous === null) return null;
  const signed = { signDisplay: 'exceptZero', maximumFractionDigits: 1 } as const;
  if (kpi.unit === 'share') {
    const points = (kpi.value - kpi.previous) * 100;
    const text = new Intl.NumberFormat(i18n.language, signed).format(points);
    return { direction: Math.sign(Math.round(points * 10)) as Trend['direction'], text: i18n.t('home:points', { text }) };
  }
  if (kpi.change === null) return null;
  return {
    direction: Math.sign(kpi.change) as Trend['direction'],
    text: new Intl.NumberFormat(i18n.language, { style: 'percent', ...signed }).format(kpi.change),
  };
}
