import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { useMay } from '@/lib/session';

/** Who may have done something: operators, API keys, the server itself. */
export function useActors(): { value: string; label: string }[] {
  const { t } = useTranslation('settings');
  const may = useMay();
  const operators = useQuery({
    queryKey: ['operators', 'choice'],
    enabled: may('operators:read'),
    queryFn: async () => data(await api.GET('/api/v1/operators', { params: { query: { limit: 200 } } })),
  });
  const keys = useQuery({
    queryKey: ['api-keys', 'choice'],
    enabled: may('keys:write'),
    queryFn: async () => data(await api.GET('/api/v1/api-keys', { params: { query: { limit: 200 } } })),
  });
  return [
    ...(operators.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
    ...(keys.data?.items ?? []).map(({ id, name, hint }) => ({ value: id, label: t('audit.key', { name, hint }) })),
    { value: 'system', label: t('audit.system') },
    { value: 'customer', label: t('audit.customer') },
  ];
}
