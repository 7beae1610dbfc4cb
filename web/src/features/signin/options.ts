import { useQuery } from '@tanstack/react-query';

import { api, data } from '@/lib/api';

/** What the door of this server offers. */
export function useSignInOptions() {
  return useQuery({
    queryKey: ['sign-in-options'],
    staleTime: Infinity,
    queryFn: async () => data(await api.GET('/api/v1/sign-in-options')),
  });
}
