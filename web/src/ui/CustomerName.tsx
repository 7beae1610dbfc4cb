import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data } from '@/lib/api';
import { useMay } from '@/lib/session';
import { together } from '@/lib/together';

const MOST = 100;
const named = together(
  async (ids) => data(await api.GET('/api/v1/customers', { params: { query: { id: ids, limit: MOST } } })).items,
  MOST,
);

/** Whom something is for, by name, and the way to their page; nothing for those who may not see customers. */
export function CustomerName({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const may = useMay()('customers:read');
  const customer = useQuery({
    queryKey: ['customers', id, 'name'],
    enabled: may,
    staleTime: 60_000,
    queryFn: async () => (await named(id)) ?? null, // whoever was erased has no name any more
  });
  if (!may || customer.isError || customer.data === null) return <>—</>;
  const { first_name: first, last_name: last, phone, email } = customer.data ?? {};
  const name = [[first, last].filter(Boolean).join(' '), phone, email].find(Boolean);
  return (
    <Anchor component={Link} to={`/customers/${id}`} size="sm">
      <bdi>{name ?? t('customer')}</bdi>
    </Anchor>
  );
}
