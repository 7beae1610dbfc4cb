/** What the pages of rewards ask of the server. */
import { useQuery } from '@tanstack/react-query';

import { api, data } from '@/lib/api';

export const usePrograms = () =>
  useQuery({ queryKey: ['programs', 'all'], queryFn: async () => data(await api.GET('/api/v1/programs', { params: { query: { limit: 200 } } })).items });
