import { Badge, Card, Divider, Group, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconReceipt } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { instant, money } from '@/lib/format';
import { Empty } from '@/ui/Empty';
import { Loaded } from '@/ui/Loaded';

import type { Words } from './words';

export type Purchase = Schemas['MemberPurchaseOut'];

interface PastPurchaseProps {
  /** Whose members bought. */
  readonly programId: string;
  readonly words: Words;
  readonly children: (purchase: Purchase) => ReactNode;
}

/** One of the last purchases, to try something on. */
export function PastPurchase({ programId, words, children }: PastPurchaseProps) {
  const { t } = useTranslation('earning');
  const [chosen, setChosen] = useState<string | null>(null);
  const purchases = useQuery({
    queryKey: ['member-purchases', programId],
    queryFn: async () => data(await api.GET('/api/v1/programs/{program_id}/purchases', { params: { path: { program_id: programId } } })).items,
  });
  return (
    <Card withBorder component="section" aria-label={t('trial.title')}>
      <Title order={2} size="h5">{t('trial.title')}</Title>
      <Text size="sm" c="dimmed" mb="sm">{t('trial.lead')}</Text>
      <Loaded query={purchases}>
        {(made) => {
          const purchase = made.find(({ id }) => id === chosen) ?? made[0];
          if (!purchase) return <Empty icon={IconReceipt} title={t('trial.none')} hint={t('trial.noneHint')} />;
          return (
            <Stack>
              <Select
                label={t('trial.purchase')}
                data={made.map((each) => ({ value: each.id, label: labelOf(each, words) }))}
                value={purchase.id}
                onChange={setChosen}
                allowDeselect={false}
                comboboxProps={{ withinPortal: true }}
              />
              <Basket purchase={purchase} words={words} />
              <Divider />
              {children(purchase)}
            </Stack>
          );
        }}
      </Loaded>
    </Card>
  );
}

const labelOf = (purchase: Purchase, { currency, timeZone }: Words) => `${instant(purchase.occurred_at, timeZone)} · ${money(purchase.amount_minor, purchase.currency || currency)}`;

function Basket({ purchase, words }: { readonly purchase: Purchase; readonly words: Words }) {
  const { t } = useTranslation('earning');
  const place = purchase.location_id ? words.locations.get(purchase.location_id) : undefined;
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <Badge variant="light" tt="none">{t(`channel.${purchase.channel}`)}</Badge>
        {place && <Badge variant="light" color="gray" tt="none">{place}</Badge>}
      </Group>
      {purchase.lines.slice(0, 5).map((line, at) => (
        <Group key={at} justify="space-between" gap="xs" wrap="nowrap">
          <Text size="sm" truncate dir="auto">{line.quantity === 1 ? '' : `${String(line.quantity)} × `}{line.name}</Text>
          <Text size="sm">{money(line.unit_amount_minor * (line.quantity ?? 1), purchase.currency)}</Text>
        </Group>
      ))}
    </Stack>
  );
}
