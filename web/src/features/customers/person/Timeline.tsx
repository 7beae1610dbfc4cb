import { Chip, Group, Skeleton, Stack, Text, Timeline as Line } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant } from '@/lib/format';
import { useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { MorePages } from '@/ui/MorePages';
import { Section } from '@/ui/Section';

import { useActorName } from '../api';
import { type Happening, useTelling } from './telling';

type Kind = Happening['kind'];
const GROUPS: Record<string, Kind[]> = {
  purchases: ['purchase', 'receipt'],
  units: ['units', 'reward'],
  terms: ['term'],
  cards: ['card'],
  tickets: ['ticket'],
  checkIns: ['check_in'],
  messages: ['message'],
  consents: ['consent'],
  notes: ['note'],
  feedback: ['feedback'],
};

/** What happened with the customer, last recorded first. */
export function Timeline({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation('customers');
  const [chosen, setChosen] = useState<string[]>([]);
  const kinds = chosen.flatMap((group) => GROUPS[group] ?? []);
  const history = useInfiniteQuery({
    queryKey: ['customers', customerId, 'timeline', kinds],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) =>
      data(
        await api.GET('/api/v1/customers/{customer_id}/timeline', {
          params: {
            path: { customer_id: customerId },
            query: { limit: 30, ...(kinds.length ? { kind: kinds } : {}), ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
  });
  return (
    <Section title={t('timeline.title')}>
      <Chip.Group multiple value={chosen} onChange={setChosen}>
        <Group gap={6} role="group" aria-label={t('timeline.filter')}>
          {Object.keys(GROUPS).map((group) => (
            <Chip key={group} value={group} size="xs">
              {t(`timeline.groups.${group}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {history.isError && <Fault fault={history.error} retry={() => void history.refetch()} />}
      {history.isPending && <Skeleton h={160} />}
      {history.data && (
        <Stack gap="md">
          <Happenings happened={history.data.pages.flatMap((page) => page.items)} />
          <MorePages query={history} />
        </Stack>
      )}
    </Section>
  );
}

function Happenings({ happened }: { readonly happened: readonly Happening[] }) {
  const { t } = useTranslation('customers');
  const { data: me } = useMe();
  const actorName = useActorName();
  const tell = useTelling();
  if (happened.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('timeline.none')}
      </Text>
    );
  }
  return (
    <Line bulletSize={26} lineWidth={2}>
      {happened.map((one, position) => {
        const { icon: Symbol, title, detail, isQuiet } = tell(one);
        const who = actorName(one.actor);
        return (
          <Line.Item
            key={`${one.kind}-${one.at}-${position}`}
            bullet={<Symbol size={14} aria-hidden />}
            title={
              <Text size="sm" fw={isQuiet ? 400 : 600} td={isQuiet ? 'line-through' : undefined} component="span">
                {title}
              </Text>
            }
          >
            {detail && (
              <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                <bdi>{detail}</bdi>
              </Text>
            )}
            <Text size="xs" c="dimmed">
              {instant(one.at, me?.organization.time_zone)}
              {who && ` · ${who}`}
            </Text>
          </Line.Item>
        );
      })}
    </Line>
  );
}
