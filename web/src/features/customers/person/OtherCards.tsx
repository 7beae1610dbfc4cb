import { Anchor, Divider, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data, type Schemas } from '@/lib/api';
import { day } from '@/lib/format';
import { useMay, useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { MorePages } from '@/ui/MorePages';
import { Section } from '@/ui/Section';

import { Issued } from './MemberCard';

type Pass = Schemas['PassOut'];

/** Coupons, gift cards and tickets that the customer holds as cards; nothing when there are none. */
export function OtherCards({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const cards = useInfiniteQuery({
    queryKey: ['customers', customerId, 'cards'],
    enabled: may('passes:read'),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) =>
      data(
        await api.GET('/api/v1/passes', {
          params: { query: { customer_id: customerId, limit: 20, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
  });
  if (cards.isError) return <Fault fault={cards.error} retry={() => void cards.refetch()} />;
  const held = (cards.data?.pages ?? []).flatMap(({ items }) => items).filter(({ kind }) => kind !== 'membership');
  if (held.length === 0) return null;
  return (
    <Section title={t('card.others')}>
      <Stack gap="md">
        {held.map((pass, place) => (
          <Fragment key={pass.id}>
            {place > 0 && <Divider />}
            <Held pass={pass} customerId={customerId} />
          </Fragment>
        ))}
        <MorePages query={cards} />
      </Stack>
    </Section>
  );
}

function Held({ pass, customerId }: { readonly pass: Pass; readonly customerId: string }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const { data: me } = useMe();
  const card = useQuery({
    queryKey: ['customers', customerId, 'card', pass.id],
    queryFn: async () => data(await api.GET('/api/v1/passes/{pass_id}', { params: { path: { pass_id: pass.id } } })),
  });
  const over = card.data?.condition === 'used' || card.data?.condition === 'expired' ? [t(`card.over.${card.data.condition}`)] : [];
  return (
    <Stack gap="xs" component="section" aria-label={t(`card.kind.${pass.kind}`)}>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>
          {pass.gift_card_id !== null && may('giftcards:read') ? (
            <Anchor component={Link} to={`/gift-cards/cards/${pass.gift_card_id}`}>
              {t(`card.kind.${pass.kind}`)}
            </Anchor>
          ) : (
            t(`card.kind.${pass.kind}`)
          )}
        </Text>
        <Text size="sm" c="dimmed">
          {[t('card.since', { at: day(pass.created_at, me?.organization.time_zone) }), ...over].join(' · ')}
        </Text>
      </Group>
      {card.isError && <Fault fault={card.error} retry={() => void card.refetch()} />}
      {card.data ? <Issued pass={card.data} /> : !card.isError && <Skeleton h={40} />}
    </Stack>
  );
}
