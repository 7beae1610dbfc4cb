/** A poster's design while it is made, and the address of its drawing. */
import type { Schemas } from '@/lib/api';
import { contrast } from '@/lib/contrast';

export type Design = Required<Schemas['PosterDesign']>;
export const SIZES = ['a4', 'a5', 'tent', 'sticker', 'card'] as const;
export const STEPS = ['step_1', 'step_2', 'step_3'] as const;

export const designOf = (kept: Schemas['PosterDesign']): Design => ({
  size: kept.size ?? 'a4',
  lang: kept.lang ?? null,
  headline: kept.headline ?? null,
  text: kept.text ?? null,
  call: kept.call ?? null,
  show_steps: kept.show_steps ?? true,
  step_1: kept.step_1 ?? null,
  step_2: kept.step_2 ?? null,
  step_3: kept.step_3 ?? null,
  background: kept.background ?? null,
  foreground: kept.foreground ?? null,
  show_logo: kept.show_logo ?? true,
  show_place: kept.show_place ?? true,
  crop_marks: kept.crop_marks ?? false,
});

/** Everything is said, so that nothing of what was kept shows through. */
export function drawingOf(linkId: string, kind: 'svg' | 'pdf', design: Design): string {
  const query = new URLSearchParams(Object.entries(design).map(([name, value]) => [name, value === null ? '' : String(value)]));
  return `/api/v1/links/${linkId}/poster.${kind}?${query.toString()}`;
}

/** Which steps a size has room for. */
export const hasSteps = ({ size }: Design): boolean => size !== 'sticker' && size !== 'card';
const READABLE = 4.5;

/** Whether the words cannot be read on the ground; the drawing then takes a colour that can. */
export const isWeak = (background: string, foreground: string): boolean => (contrast(background, foreground) ?? READABLE) < READABLE;
