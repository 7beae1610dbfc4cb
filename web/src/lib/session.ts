/** Who is signed in, and what they may do. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import { Problem, api, data, type Schemas } from './api';

export type Me = Schemas['Me'];
export const ME = ['me'] as const;

/** The caller; `null` when nobody is signed in. */
export function useMe() {
  return useQuery({
    queryKey: ME,
    staleTime: 60_000,
    queryFn: async (): Promise<Me | null> => {
      try {
        return data(await api.GET('/api/v1/me'));
      } catch (fault) {
        if (fault instanceof Problem && fault.status === 401) return null;
        throw fault;
      }
    },
  });
}

/** Whether the caller has a scope such as `customers:read`; what they may not do is not shown. */
export function useMay(): (scope: string) => boolean {
  const { data: me } = useMe();
  return useCallback((scope: string) => me?.scopes.includes(scope) ?? false, [me]);
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    await api.DELETE('/api/v1/sessions/current');
    client.setQueryData(ME, null);
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== ME[0] });
  }, [client]);
}
