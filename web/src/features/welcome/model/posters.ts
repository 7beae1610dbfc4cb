/** The link that a poster leads to, and its poster. */
import { api, data } from '@/lib/api';
import type { Offering } from '@/ui/useOwnCard';

export interface Poster {
  /** Where its drawing is. */
  readonly base: string;
  /** The page of the dashboard on which it is edited, where there is one. */
  readonly editor: string | null;
  /** What is scanned. */
  readonly url: string;
}

const ofLink = ({ id, url }: { readonly id: string; readonly url: string }): Poster => ({ base: `/api/v1/links/${id}`, editor: `/distribution/links/${id}/poster`, url });
const ofHandout = ({ id, url }: { readonly id: string; readonly url: string }): Poster => ({ base: `/api/v1/handout-links/${id}`, editor: `/distribution/offers/${id}/poster`, url });

/** The poster of what was made: programmes come with a link; all else gets its own once. */
export async function posterOf({ family, id }: Offering, name: string): Promise<Poster> {
  if (family === 'program') {
    const { items } = data(await api.GET('/api/v1/links', { params: { query: { program_id: id, limit: 200 } } }));
    const own = items.find(({ is_default: isDefault }) => isDefault) ?? items[0];
    if (!own) throw new Error('A programme comes with a link.');
    return ofLink(own);
  }
  if (family === 'ticket') return ofEvent(id, name);
  const of = family === 'coupon' ? { campaign_id: id } : { gift_card_product_id: id };
  const known = data(await api.GET('/api/v1/handout-links', { params: { query: { ...of, limit: 1 } } })).items[0];
  if (known) return ofHandout(known);
  return ofHandout(data(await api.POST('/api/v1/handout-links', { body: { ...of, name }, headers: { 'Idempotency-Key': `first-link-${id}` } })));
}

async function ofEvent(eventId: string, name: string): Promise<Poster> {
  const path = { event_id: eventId };
  const known = data(await api.GET('/api/v1/ticketed-events/{event_id}/handout-links', { params: { path, query: { limit: 1 } } })).items[0];
  const headers = { 'Idempotency-Key': `first-link-${eventId}` };
  const { id, url } = known ?? data(await api.POST('/api/v1/ticketed-events/{event_id}/handout-links', { params: { path }, body: { name }, headers }));
  return { base: `/api/v1/ticketed-events/${eventId}/handout-links/${id}`, editor: null, url };
}
