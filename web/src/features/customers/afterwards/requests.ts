/** What the pages of receipts and of feedback ask of the server. */
import { useQuery } from '@tanstack/react-query';

import { api, data, type Schemas } from '@/lib/api';
import { useList } from '@/lib/paging';

export type Receipt = Schemas['ReceiptOut'];
export type ReceiptState = Receipt['state'];
export type Feedback = Schemas['FeedbackOut'];
export type Which = 'answered' | 'waiting' | 'low' | 'low_open';

export const RECEIPTS = ['receipts'] as const;
export const FEEDBACK = ['feedback'] as const;
/** What the home page says needs somebody. */
export const HOME = ['reports', 'attention'] as const;

interface ReceiptFilter {
  readonly state: ReceiptState | null;
  readonly location: string | null;
}

const receiptQuery = ({ state, location }: ReceiptFilter) => ({ ...(state ? { state } : {}), ...(location ? { location_id: location } : {}) });

export const useReceipts = (filter: ReceiptFilter) =>
  useList<Receipt>([...RECEIPTS, 'list', filter], async (page) =>
    data(await api.GET('/api/v1/receipts', { params: { query: { ...page, ...receiptQuery(filter) } } })),
  );

/** How many of the receipts of the last weeks were claimed. */
export const useShare = (location: string | null) =>
  useQuery({
    queryKey: [...RECEIPTS, 'share', location],
    queryFn: async () =>
      data(await api.GET('/api/v1/receipts', { params: { query: { limit: 1, ...receiptQuery({ state: null, location }) } } })).share,
  });

export const useReceiptSettings = () =>
  useQuery({ queryKey: [...RECEIPTS, 'settings'], queryFn: async () => data(await api.GET('/api/v1/receipt-settings')) });

interface FeedbackChoice {
  readonly which: Which | null;
  readonly location: string | null;
}

export const useFeedback = ({ which, location }: FeedbackChoice) =>
  useList<Feedback>([...FEEDBACK, 'list', which, location], async (page) =>
    data(
      await api.GET('/api/v1/feedback', {
        params: { query: { ...page, ...(which ? { which } : {}), ...(location ? { location_id: location } : {}) } },
      }),
    ),
  );

export const useFeedbackFigures = () =>
  useQuery({ queryKey: [...FEEDBACK, 'figures'], queryFn: async () => data(await api.GET('/api/v1/feedback/figures')).items });

export const useFeedbackSettings = () =>
  useQuery({ queryKey: [...FEEDBACK, 'settings'], queryFn: async () => data(await api.GET('/api/v1/feedback-settings')) });
