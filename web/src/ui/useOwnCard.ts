/** A card of one's own, to have what one offers on one's phone before the first customer comes. */
import { useQuery } from '@tanstack/react-query';

import { type Schemas, api, data } from '@/lib/api';

const LOOK_MS = 1_500;

/** What a card can be had of: a programme, a coupon campaign, a gift card product or an event. */
export type Family = 'program' | 'coupon' | 'gift_card' | 'ticket';
export interface Offering {
  readonly family: Family;
  readonly id: string;
}

/** A link to a card; of a coupon, gift card or ticket with the card itself. */
export type OwnCard = Schemas['SmartLinkOut'] & Partial<Pick<Schemas['CardLinkOut'], 'card'>>;

const GIVE: Readonly<Record<Family, (id: string) => Promise<OwnCard>>> = {
  program: async (id) => data(await api.POST('/api/v1/programs/{program_id}/own-card', { params: { path: { program_id: id } } })),
  coupon: async (id) => data(await api.POST('/api/v1/coupon-campaigns/{campaign_id}/own-card', { params: { path: { campaign_id: id } } })),
  gift_card: async (id) => data(await api.POST('/api/v1/gift-card-products/{product_id}/own-card', { params: { path: { product_id: id } } })),
  ticket: async (id) => data(await api.POST('/api/v1/ticketed-events/{event_id}/own-card', { params: { path: { event_id: id } } })),
};

/** Makes it when it is first shown; the link stays the same while the page does. */
export function useOwnCard(of: Offering | null) {
  return useQuery({
    queryKey: ['own-card', of],
    enabled: of !== null,
    staleTime: Infinity,
    retry: false,
    refetchOnWindowFocus: false,
    queryFn: async () => {
      if (of === null) throw new Error('There is nothing to have a card of.');
      return GIVE[of.family](of.id);
    },
  });
}

/** The wallets that hold a card, looked at again and again. */
export function useInstallations(passId: string | undefined) {
  return useQuery({
    queryKey: ['passes', passId, 'installations'],
    enabled: passId !== undefined,
    refetchInterval: LOOK_MS,
    queryFn: async () => data(await api.GET('/api/v1/passes/{pass_id}', { params: { path: { pass_id: passId ?? '' } } })).installations.filter(({ removed_at }) => removed_at === null),
  });
}

/** A picture that the server drew as SVG. */
export const svgAddress = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`;
