import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { useMay, useMe } from '@/lib/session';

/** Who did something: the name of a colleague, or what kind of caller it was. */
export function ActorName({ actor }: { readonly actor: string }) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const operators = useQuery({
    queryKey: ['operators', 'all'],
    enabled: useMay()('operators:read'),
    staleTime: 60_000,
    queryFn: async () => data(await api.GET('/api/v1/operators', { params: { query: { limit: 200 } } })).items,
  });
  const kind = actor.startsWith('opr_') ? 'operator' : actor.startsWith('key_') ? 'key' : 'system';
  const name = actor === me?.actor ? me.name : operators.data?.find(({ id }) => id === actor)?.name;
  return (
    <Text size="sm" dir="auto" component="span">
      {name ?? t(`actor.${kind}`)}
    </Text>
  );
}
