import { Badge, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { day, instant, money } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useSaving } from '@/lib/saving';
import { useMay, useMe } from '@/lib/session';
import { ActorName } from '@/ui/ActorName';
import { BackLink } from '@/ui/BackLink';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Listed } from '@/ui/Listed';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { Rows } from '@/ui/Rows';

import { CardActions } from './CardActions';
import { type Activity, STATE_COLOURS } from './product';

type Detail = Schemas['GiftCardDetail'];

/** One card: what it holds, what happened to it, and what can be done. */
export function CardPage() {
  const { t } = useTranslation('giftcards');
  const { id = '' } = useParams();
  const card = useQuery({ queryKey: ['gift-cards', 'one', id], queryFn: async () => data(await api.GET('/api/v1/gift-cards/{gift_card_id}', { params: { path: { gift_card_id: id } } })) });
  return (
    <>
      <BackLink to="/gift-cards" label={t('cards.title')} />
      <Loaded query={card}>{(known) => <Opened card={known} />}</Loaded>
    </>
  );
}

function Opened({ card }: { readonly card: Detail }) {
  const { t } = useTranslation('giftcards');
  return (
    <Page
      title={t('cards.one', { code: `\u2066${card.last_four}\u2069` })}
      lead={card.product_name}
      actions={<Badge size="lg" color={STATE_COLOURS[card.state]} variant="light" tt="none">{t(`states.${card.state}`)}</Badge>}
    >
      <Figures card={card} />
      <Group gap="xs">
        <CardActions card={card} />
      </Group>
      <People card={card} />
      <Code card={card} />
      <Activities card={card} />
    </Page>
  );
}

function Figures({ card }: { readonly card: Detail }) {
  const { t } = useTranslation('giftcards');
  const { data: me } = useMe();
  const zone = me?.organization.time_zone;
  const figures = [
    [t('balance'), money(card.balance_minor, card.currency)],
    [t('available'), money(card.available_minor, card.currency)],
    ...(card.held_minor > 0 ? [[t('held'), money(card.held_minor, card.currency)]] : []),
    [t('lapses'), card.lapses_at ? day(card.lapses_at, zone) : t('never')],
  ];
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }}>
      {figures.map(([label, value]) => (
        <Card key={label} withBorder padding="sm">
          <Text size="lg" fw={700}>{value}</Text>
          <Text size="sm" c="dimmed">{label}</Text>
        </Card>
      ))}
    </SimpleGrid>
  );
}

function People({ card }: { readonly card: Detail }) {
  const { t } = useTranslation('giftcards');
  const { data: me } = useMe();
  const told = [
    [t('sell.sender'), card.sender_name],
    [t('sell.recipient'), card.recipient_name],
    [t('sell.email'), card.recipient_email],
    [t('sell.deliverAt'), card.deliver_at ? instant(card.deliver_at, me?.organization.time_zone) : null],
    [t('sell.message'), card.message],
  ].filter(([, value]) => value);
  if (told.length === 0) return null;
  return (
    <Card withBorder component="section" aria-label={t('sell.gift')}>
      {told.map(([label, value]) => (
        <Group key={label} gap="xs" align="baseline">
          <Text size="sm" c="dimmed">{label}</Text>
          <Text size="sm" dir="auto">{value}</Text>
        </Group>
      ))}
    </Card>
  );
}

/** The code in clear, on demand: the event log keeps who asked. */
function Code({ card }: { readonly card: Detail }) {
  const { t } = useTranslation('giftcards');
  const mayReveal = useMay()('giftcards:write');
  const reveal = useSaving({
    save: async () => data(await api.POST('/api/v1/gift-cards/{gift_card_id}/reveal', { params: { path: { gift_card_id: card.id } } })),
    refresh: [],
    told: null,
  });
  if (!mayReveal || card.state === 'DEACTIVATED') return null;
  return (
    <Group gap="sm">
      {reveal.isError && <Fault fault={reveal.error} />}
      {reveal.data ? (
        <Text ff="monospace" size="lg" fw={700} dir="ltr">{reveal.data.code}</Text>
      ) : (
        <Button variant="default" size="sm" loading={reveal.isPending} onClick={() => reveal.mutate()}>{t('reveal')}</Button>
      )}
      <Text size="sm" c="dimmed">{t('revealHint')}</Text>
    </Group>
  );
}

function Activities({ card }: { readonly card: Detail }) {
  const { t } = useTranslation('giftcards');
  const { data: me } = useMe();
  const list = useList(['gift-cards', 'one', card.id, 'activities'], async (query) =>
    data(await api.GET('/api/v1/gift-cards/{gift_card_id}/activities', { params: { path: { gift_card_id: card.id }, query } })),
  );
  return (
    <Stack>
      <Title order={2} size="h4">{t('activities.title')}</Title>
      <Listed list={list} empty={<Empty icon={IconHistory} title={t('activities.none')} hint={t('activities.noneHint')} />}>
        {(items) => (
          <Rows
            label={t('activities.title')}
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { name: t('activities.what'), leads: true, cell: (item) => <What item={item} /> },
              { name: t('activities.when'), cell: (item) => instant(item.occurred_at, me?.organization.time_zone) },
              { name: t('activities.who'), cell: (item) => <ActorName actor={item.actor} /> },
              { name: t('amount'), numeric: true, cell: (item) => (item.amount_minor === 0 ? '—' : money(item.amount_minor, card.currency)) },
              { name: t('balance'), numeric: true, cell: (item) => money(item.balance_minor, card.currency) },
            ]}
          />
        )}
      </Listed>
    </Stack>
  );
}

function What({ item }: { readonly item: Activity }) {
  const { t } = useTranslation('giftcards');
  return (
    <div>
      <Text fw={600} size="sm">{t(`activity.${item.type}`)}</Text>
      {item.reason && <Text size="xs" c="dimmed" dir="auto">{item.reason}</Text>}
    </div>
  );
}
