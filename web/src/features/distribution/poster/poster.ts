/** A poster's design while it is made, and the address of its drawing. */
import { type Schemas, api, data } from '@/lib/api';
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

/** What has a poster: where it is in the API, how its design is read and kept. */
export interface Printed {
  readonly base: string;
  /** What whoever designs it must be allowed. */
  readonly scope: string;
  readonly read: () => Promise<Schemas['PosterOut']>;
  readonly save: (design: Design) => Promise<Schemas['PosterOut']>;
}

/** A link to a programme. */
export function printedLink(id: string): Printed {
  const params = { path: { link_id: id } };
  return {
    base: `/api/v1/links/${id}`,
    scope: 'links:write',
    read: async () => data(await api.GET('/api/v1/links/{link_id}/poster', { params })),
    save: async (body) => data(await api.PUT('/api/v1/links/{link_id}/poster', { params, body })),
  };
}

/** A link to a coupon or a gift card. */
export function printedHandout(id: string): Printed {
  const params = { path: { link_id: id } };
  return {
    base: `/api/v1/handout-links/${id}`,
    scope: 'links:write',
    read: async () => data(await api.GET('/api/v1/handout-links/{link_id}/poster', { params })),
    save: async (body) => data(await api.PUT('/api/v1/handout-links/{link_id}/poster', { params, body })),
  };
}

/** A link to the tickets of an event. */
export function printedTickets(eventId: string, id: string): Printed {
  const params = { path: { event_id: eventId, link_id: id } };
  return {
    base: `/api/v1/ticketed-events/${eventId}/handout-links/${id}`,
    scope: 'tickets:write',
    read: async () => data(await api.GET('/api/v1/ticketed-events/{event_id}/handout-links/{link_id}/poster', { params })),
    save: async (body) => data(await api.PUT('/api/v1/ticketed-events/{event_id}/handout-links/{link_id}/poster', { params, body })),
  };
}

/** Everything is said, so that nothing of what was kept shows through. */
export function drawingOf(base: string, kind: 'svg' | 'pdf', design: Design): string {
  const query = new URLSearchParams(Object.entries(design).map(([name, value]) => [name, value === null ? '' : String(value)]));
  return `${base}/poster.${kind}?${query.toString()}`;
}

/** Which steps a size has room for. */
export const hasSteps = ({ size }: Design): boolean => size !== 'sticker' && size !== 'card';
const READABLE = 4.5;

/** Whether the words cannot be read on the ground; the drawing then takes a colour that can. */
export const isWeak = (background: string, foreground: string): boolean => (contrast(background, foreground) ?? READABLE) < READABLE;
