/** What the pages of gift cards ask of the server. */
import { useQuery } from '@tanstack/react-query';

import { api, data } from '@/lib/api';

export const useProducts = () =>
  useQuery({ queryKey: ['gift-card-products', 'all'], queryFn: async () => data(await api.GET('/api/v1/gift-card-products', { params: { query: { limit: 200 } } })).items });
