import { Badge, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { day, lastDay } from '@/lib/format';
import { useMay, useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { MorePages } from '@/ui/MorePages';
import { Section } from '@/ui/Section';

type Coupon = Schemas['HeldCouponOut'];

const COLOURS: Readonly<Record<Coupon['state'], string>> = { active: 'teal', used: 'gray', voided: 'red', expired: 'gray' };

/** Coupons of the customer's own, and which purchase gave them; nothing when there are none. */
export function Coupons({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const coupons = useInfiniteQuery({
    queryKey: ['customers', customerId, 'coupons'],
    enabled: may('coupons:read'),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) =>
      data(
        await api.GET('/api/v1/customers/{customer_id}/coupons', {
          params: { path: { customer_id: customerId }, query: { limit: 10, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
  });
  if (coupons.isError) return <Fault fault={coupons.error} retry={() => void coupons.refetch()} />;
  const held = (coupons.data?.pages ?? []).flatMap(({ items }) => items);
  if (held.length === 0) return null;
  return (
    <Section title={t('coupons.title')}>
      <Stack gap="sm">
        {held.map((coupon) => (
          <Held key={coupon.id} coupon={coupon} />
        ))}
        <MorePages query={coupons} />
      </Stack>
    </Section>
  );
}

function Held({ coupon: { name, state, given_on, issued_at, expires_at } }: { readonly coupon: Coupon }) {
  const { t } = useTranslation('customers');
  const zone = useMe().data?.organization.time_zone;
  const facts = [
    given_on === null ? t('coupons.issued', { at: day(issued_at, zone) }) : t('coupons.given', { at: day(given_on, 'UTC') }),
    ...(state === 'active' && expires_at !== null ? [t('coupons.until', { at: lastDay(expires_at, zone) })] : []),
  ];
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text fw={600} dir="auto">
          {name}
        </Text>
        <Badge color={COLOURS[state]} variant="light" tt="none">
          {t(`coupons.state.${state}`)}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed">
        {facts.join(' · ')}
      </Text>
    </div>
  );
}
