/** A goal while it is set, and as it is saved. */
import type { Schemas } from '@/lib/api';

type Definition = Schemas['AchievementIn']['definition'];
export const METRICS = ['visits', 'purchases', 'spend', 'items', 'locations', 'friends'] as const;
export const WINDOWS = ['ever', 'day', 'week', 'month', 'quarter', 'year'] as const;
export const STREAKS = ['day', 'week', 'month'] as const;

export interface Values {
  readonly name: string;
  readonly names: Record<string, string>;
  readonly isStreak: boolean;
  readonly metric: (typeof METRICS)[number];
  readonly target: number;
  readonly window: (typeof WINDOWS)[number];
  readonly skus: string[];
  readonly categories: string[];
  readonly streak: (typeof STREAKS)[number];
  readonly length: number;
  readonly repeatable: boolean;
  readonly prize: Schemas['Prize'];
  readonly badge: string;
  readonly badges: Record<string, string>;
}

export const NEW: Values = {
  name: '',
  names: {},
  isStreak: false,
  metric: 'visits',
  target: 10,
  window: 'month',
  skus: [],
  categories: [],
  streak: 'week',
  length: 4,
  repeatable: false,
  prize: { amount: 1 },
  badge: '',
  badges: {},
};

export function definitionOf(values: Values): Definition {
  if (values.isStreak) return { type: 'streak', unit: values.streak, length: values.length };
  const goods = values.metric === 'items' ? { skus: values.skus, categories: values.categories } : {};
  return { type: 'goal', metric: values.metric, target: values.target, window: values.window, ...goods };
}

export function achievementIn(values: Values): Schemas['AchievementIn'] {
  const { name, names, repeatable, prize, badge, badges } = values;
  return { name, names, definition: definitionOf(values), repeatable, prize, ...(badge.trim() === '' ? {} : { badge, badges }) };
}
