/** Links to coupons and gift cards: read, made, changed, counted. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { type Schemas, api, data } from '@/lib/api';
import { useList } from '@/lib/paging';

import type { Period } from '../requests';

export type OfferLink = Schemas['HandoutLinkOut'];
export const OFFER_LINKS = ['handout-links'] as const;

export const useOfferLinks = () => useList([...OFFER_LINKS, 'list'], async (query) => data(await api.GET('/api/v1/handout-links', { params: { query } })));

export const useOfferLink = (id: string) =>
  useQuery({ queryKey: [...OFFER_LINKS, 'one', id], queryFn: async () => data(await api.GET('/api/v1/handout-links/{link_id}', { params: { path: { link_id: id } } })) });

const MOST_AT_ONCE = 200;

/** Figures of the first of these links by their ids; a list has fewer. */
export const useOfferFigures = (ids: readonly string[], period: Period) =>
  useQuery({
    queryKey: [...OFFER_LINKS, 'figures', ids, period],
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const { items } = data(await api.GET('/api/v1/handout-link-figures', { params: { query: { link_id: ids.slice(0, MOST_AT_ONCE), ...period } } }));
      return new Map(items.map((item) => [item.link_id, item]));
    },
  });

/** From what was seen to the card that was added, of all cards of the coupon or gift card. */
export const useOfferFunnel = ({ campaign_id: campaignId, gift_card_product_id: productId }: OfferLink, period: Period) =>
  useQuery({
    queryKey: [...OFFER_LINKS, 'funnel', campaignId, productId, period],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      if (campaignId !== null) return data(await api.GET('/api/v1/coupon-campaigns/{campaign_id}/funnel', { params: { path: { campaign_id: campaignId }, query: period } })).total;
      return data(await api.GET('/api/v1/gift-card-products/{product_id}/funnel', { params: { path: { product_id: productId ?? '' }, query: period } })).total;
    },
  });

export interface Offered {
  readonly id: string;
  readonly name: string;
}

/** What a link can be made to: campaigns that run and whose codes are for everybody, gift cards on sale. */
export const useOffered = () =>
  useQuery({
    queryKey: [...OFFER_LINKS, 'offered'],
    queryFn: async () => {
      const query = { limit: 200 };
      const [campaigns, products] = await Promise.all([
        api.GET('/api/v1/coupon-campaigns', { params: { query } }),
        api.GET('/api/v1/gift-card-products', { params: { query } }),
      ]);
      return {
        coupon: data(campaigns).items.filter(({ state, terms }) => state !== 'ended' && !terms.holder_only),
        gift_card: data(products).items.filter(({ active }) => active),
      };
    },
  });
