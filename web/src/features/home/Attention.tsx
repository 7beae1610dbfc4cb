import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCertificate, IconCoin, IconGift, IconWallet, IconWifiOff, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Schemas } from '@/lib/api';
import { useReachable } from '@/lib/areas';
import { instant, whole } from '@/lib/format';

type Item = Schemas['AttentionOut'];

/** What is shown of each kind, and where something can be done about it. */
const KINDS: Record<Item['kind'], { readonly icon: Icon; readonly pages: readonly string[] }> = {
  wallets_missing: { icon: IconWallet, pages: ['/settings/wallets'] },
  certificate_expired: { icon: IconCertificate, pages: ['/settings/wallets'] },
  certificate_expiring: { icon: IconCertificate, pages: ['/settings/wallets'] },
  updates_delayed: { icon: IconAlertTriangle, pages: ['/settings/wallets'] },
  updates_failing: { icon: IconAlertTriangle, pages: ['/settings/wallets'] },
  reward_sold_out: { icon: IconGift, pages: ['/rewards', '/programs'] },
  offline_rejected: { icon: IconWifiOff, pages: ['/till', '/settings/tills'] },
  budget_nearly_used: { icon: IconCoin, pages: ['/promotions', '/programs'] },
  reward_low_in_stock: { icon: IconGift, pages: ['/rewards', '/programs'] },
};

/** What somebody should do something about, most urgent first; nothing when all is well. */
export function Attention({ items }: { readonly items: readonly Item[] }) {
  const { t } = useTranslation('home');
  if (items.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label={t('attention.title')}>
      {items.map((item) => (
        <AttentionItem key={`${item.kind} ${item.subject ?? ''} ${item.reward_id ?? item.promotion_id ?? ''}`} item={item} />
      ))}
    </Stack>
  );
}

function AttentionItem({ item }: { readonly item: Item }) {
  const { t } = useTranslation('home');
  const { icon: Symbol, pages } = KINDS[item.kind];
  const page = useReachable(pages);
  const values = {
    count: item.count,
    number: whole(item.count),
    subject: item.subject ? t(`wallet.${item.subject}`, { defaultValue: item.subject }) : '',
    since: item.since ? instant(item.since) : '',
  };
  return (
    <Alert color={item.severity === 'critical' ? 'red' : 'yellow'} icon={<Symbol aria-hidden />} py="sm">
      <Group justify="space-between" gap="sm">
        <div style={{ flex: '1 1 260px' }}>
          <Text size="sm" fw={600}>
            {t(`attention.${item.kind}.says`, values)}
          </Text>
          <Text size="sm">{t(`attention.${item.kind}.todo`, values)}</Text>
        </div>
        {page !== undefined && (
          <Button component={Link} to={page} size="xs" variant="default">
            {t(`attention.${item.kind}.action`)}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
