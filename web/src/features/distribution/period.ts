/** The days that figures are counted over. */
import { addDays, today } from '@/lib/days';

import type { Period } from './requests';

export const CHOICES = ['7', '30', '90', '365'] as const;
export type Choice = (typeof CHOICES)[number];

/** So many days up to today; half-open, as the API has it. */
export function periodOf(choice: Choice, timeZone: string, now?: Date): Period {
  const to = addDays(today(timeZone, now), 1);
  return { from: addDays(to, -Number(choice)), to };
}

export const choiceOf = (text: string | null): Choice => CHOICES.find((each) => each === text) ?? '30';
