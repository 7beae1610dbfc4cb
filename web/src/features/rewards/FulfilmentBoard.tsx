import { Badge, Button, Card, Group, SimpleGrid, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant } from '@/lib/format';
import { type ListQuery, useList } from '@/lib/paging';
import { useSaving } from '@/lib/saving';
import { useMay, useMe } from '@/lib/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { CustomerName } from '@/ui/CustomerName';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Listed } from '@/ui/Listed';

import { type Issued, NEXT_STEPS } from './reward';

type Step = NonNullable<Issued['fulfilment']>;
const COLUMNS = ['ordered', 'prepared', 'ready', 'shipped', 'handed_over'] as const satisfies readonly Step[];

/** Things that were redeemed, from the order to the hand of the customer. */
export function FulfilmentBoard() {
  const { t } = useTranslation('rewards');
  const lists = useBoard();
  if (COLUMNS.every((step) => lists[step].items?.length === 0)) return <Empty icon={IconPackage} title={t('board.none')} hint={t('board.noneHint')} />;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 5 }} spacing="sm">
      {COLUMNS.map((step) => (
        <Column key={step} step={step} list={lists[step]} />
      ))}
    </SimpleGrid>
  );
}

function useBoard(): Record<(typeof COLUMNS)[number], ListQuery<Issued>> {
  return { ordered: useStep('ordered'), prepared: useStep('prepared'), ready: useStep('ready'), shipped: useStep('shipped'), handed_over: useStep('handed_over') };
}

const useStep = (step: Step): ListQuery<Issued> =>
  useList(['board', step], async (query) => data(await api.GET('/api/v1/issued-rewards', { params: { query: { ...query, fulfilment: step } } })), { limit: 20 });

function Column({ step, list }: { readonly step: Step; readonly list: ListQuery<Issued> }) {
  const { t } = useTranslation('rewards');
  return (
    <Stack component="section" gap="xs" aria-label={t(`step.${step}`)}>
      <Group gap="xs">
        <Title order={2} size="h6">{t(`step.${step}`)}</Title>
        {list.items && <Badge variant="light" color="gray">{list.items.length}{list.hasNextPage ? '+' : ''}</Badge>}
      </Group>
      <Listed list={list} skeleton={<Skeleton h={90} />} empty={<Text size="sm" c="dimmed">{t('board.nothing')}</Text>}>
        {(items) => items.map((item) => <Thing key={item.id} item={item} step={step} />)}
      </Listed>
    </Stack>
  );
}

function Thing({ item, step }: { readonly item: Issued; readonly step: Step }) {
  const { t } = useTranslation('rewards');
  const { data: me } = useMe();
  const mayMove = useMay()('rewards:redeem');
  const [asking, setAsking] = useState<Step | null>(null);
  const [tracking, setTracking] = useState('');
  const move = useSaving({
    save: async (state: Step) =>
      data(await api.POST('/api/v1/issued-rewards/{issued_reward_id}/fulfil', { params: { path: { issued_reward_id: item.id } }, body: { state, ...(tracking ? { tracking } : {}) } })),
    refresh: [['board'], ['issued-rewards']],
    told: null,
    onSaved: () => setAsking(null),
  });
  const needsWord = (next: Step) => next === 'shipped' || next === 'cancelled' || next === 'returned';
  return (
    <Card withBorder padding="sm" component="article">
      <Stack gap={6}>
        <Text fw={600} dir="auto">{item.name}</Text>
        <CustomerName id={item.customer_id} />
        <Text size="xs" c="dimmed">{instant(item.redeemed_at ?? item.issued_at, me?.organization.time_zone)}</Text>
        {item.tracking && <Text size="xs" dir="auto">{item.tracking}</Text>}
        {move.isError && !asking && <Fault fault={move.error} />}
        {mayMove && (
          <Group gap={4}>
            {NEXT_STEPS[step].map((next, place) => (
              <Button
                key={next}
                size="xs"
                variant={place === 0 ? 'light' : 'default'}
                loading={move.isPending && move.variables === next && !asking}
                aria-label={`${t(`moveTo.${next}`)}: ${item.name}`}
                onClick={() => (needsWord(next) ? setAsking(next) : move.mutate(next))}
              >
                {t(`moveTo.${next}`)}
              </Button>
            ))}
          </Group>
        )}
      </Stack>
      <ConfirmDialog
        opened={asking !== null}
        title={asking ? `${t(`moveTo.${asking}`)}: ${item.name}` : ''}
        action={asking ? t(`moveTo.${asking}`) : ''}
        danger={asking === 'cancelled'}
        pending={move.isPending}
        fault={move.error}
        onClose={() => setAsking(null)}
        onConfirm={() => asking && move.mutate(asking)}
      >
        {asking === 'shipped' ? (
          <TextInput label={t('board.tracking')} maxLength={200} value={tracking} onChange={({ currentTarget }) => setTracking(currentTarget.value)} />
        ) : (
          <Text size="sm">{asking ? t(`board.${asking}Lead`) : ''}</Text>
        )}
      </ConfirmDialog>
    </Card>
  );
}
