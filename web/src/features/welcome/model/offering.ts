/** What was chosen, on the server: made once, found again with the design of its cards. */
import { api, data } from '@/lib/api';
import type { Language } from '@/lib/i18n';
import type { Family, Offering } from '@/ui/useOwnCard';

import type { Draft } from './draft';
import { type Kind, campaignOf, eventOf, isProgram, productOf, programOf, suggestionOf } from './offers';

const familyOf = (kind: Kind): Family => (isProgram(kind) ? 'program' : kind);

/** What was made, if it was. */
export const offeringOf = ({ kind, madeId }: Draft): Offering | null => (kind === null || madeId === null ? null : { family: familyOf(kind), id: madeId });

/** The page of the dashboard on which it is changed. */
export const pageOf = ({ family, id }: Offering): string => ({ program: `/programs/${id}`, coupon: `/coupons/${id}`, gift_card: `/gift-cards/products/${id}`, ticket: `/events/${id}` })[family];

/** Makes it, or answers what the same draft made before. */
export async function make({ kind, answers, key }: Draft, language: Language): Promise<string> {
  if (kind === null || answers === null) throw new Error('Nothing was chosen.');
  const headers = { 'Idempotency-Key': key };
  if (isProgram(kind)) return data(await api.POST('/api/v1/programs', { body: programOf(kind, answers, language), headers })).id;
  // Programmes come with a design; these get theirs first, for their first card is somebody's already.
  const { name, names } = suggestionOf(kind, answers, language);
  const design = data(await api.POST('/api/v1/templates', { body: { kind: kind === 'ticket' ? 'event_ticket' : kind, name, names: names ?? {} }, headers: { 'Idempotency-Key': `${key}-design` } }));
  if (kind === 'coupon') return data(await api.POST('/api/v1/coupon-campaigns', { body: campaignOf(answers, language, design.id), headers })).id;
  if (kind === 'ticket') return data(await api.POST('/api/v1/ticketed-events', { body: eventOf(answers, language, design.id), headers })).id;
  return data(await api.POST('/api/v1/gift-card-products', { body: productOf(answers, language, design.id), headers })).id;
}

const READ: Readonly<Record<Family, (id: string) => Promise<{ readonly template_id: string | null }>>> = {
  program: async (id) => data(await api.GET('/api/v1/programs/{program_id}', { params: { path: { program_id: id } } })),
  coupon: async (id) => data(await api.GET('/api/v1/coupon-campaigns/{campaign_id}', { params: { path: { campaign_id: id } } })),
  gift_card: async (id) => data(await api.GET('/api/v1/gift-card-products/{product_id}', { params: { path: { product_id: id } } })),
  ticket: async (id) => data(await api.GET('/api/v1/ticketed-events/{event_id}', { params: { path: { event_id: id } } })),
};

/** The design of its cards. */
export const designOf = async ({ family, id }: Offering): Promise<string | null> => (await READ[family](id)).template_id;
