/** What this feature asks of the API; each name is a verb of the service behind it. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { useMay, useMe } from '@/lib/session';

export type Entry = Schemas['DirectoryEntry'];
export type Customer = Schemas['CustomerOut'];
export type Filter = Schemas['DirectoryFilter'];
export type Member = Schemas['DirectoryMember'];

export const useDirectory = (filter: Filter) =>
  useInfiniteQuery({
    queryKey: ['customers', 'directory', filter],
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      data(
        await api.POST('/api/v1/customers/directory', {
          params: { query: { limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } },
          body: filter,
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
  });

export const useCustomer = (id: string) =>
  useQuery({
    queryKey: ['customers', id, 'overview'],
    queryFn: async () =>
      data(await api.GET('/api/v1/customers/{customer_id}/overview', { params: { path: { customer_id: id } } })),
  });

export function usePrograms() {
  const may = useMay();
  return useQuery({
    queryKey: ['programs'],
    enabled: may('programs:read'),
    queryFn: async () => data(await api.GET('/api/v1/programs')),
  });
}

/** Everything about customers is read again after something was written about one. */
export function useWrite<V, R = unknown>(write: (values: V) => Promise<R>, done?: (result: R) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: (result) => {
      done?.(result); // before: whoever was erased is left, not read once more
      return client.invalidateQueries({ queryKey: ['customers'] });
    },
  });
}

/** Who did something, by the name that they have here. */
export function useActorName(): (label: string | null | undefined) => string {
  const { t } = useTranslation('customers');
  const may = useMay();
  const { data: me } = useMe();
  const { data: team } = useQuery({
    queryKey: ['operators', 'names'],
    enabled: may('operators:read'),
    staleTime: 300_000,
    queryFn: async () => data(await api.GET('/api/v1/operators', { params: { query: { limit: 200 } } })),
  });
  return useCallback(
    (label) => {
      if (!label) return '';
      if (label === me?.actor && me.name) return me.name;
      const kind = label.split('_', 1)[0] ?? '';
      return team?.items.find((one) => one.id === label)?.name ?? t(`actor.${kind}`, { defaultValue: t('actor.other') });
    },
    [team, me, t],
  );
}

export const nameOf = (customer: Customer): string =>
  [customer.first_name, customer.last_name].filter(Boolean).join(' ');
