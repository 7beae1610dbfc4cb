import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCertificate, IconCoin, IconGift, IconMailX, IconMessageStar, IconWallet, IconWifiOff, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Schemas } from '@/lib/api';
import { useReachable } from '@/lib/areas';
import { instant, whole } from '@/lib/format';
import { useMay } from '@/lib/session';

type Item = Schemas['AttentionOut'];

interface Kind {
  readonly icon: Icon;
  /** Where something can be done about it, by those who have this scope. */
  readonly pages: readonly string[];
  readonly scope: string;
}

const wallets = (icon: Icon): Kind => ({ icon, pages: ['/settings/wallets'], scope: 'organization:write' });
const reward: Kind = { icon: IconGift, pages: ['/rewards'], scope: 'programs:write' };

const KINDS: Record<Item['kind'], Kind> = {
  wallets_missing: wallets(IconWallet),
  certificate_expired: wallets(IconCertificate),
  certificate_expiring: wallets(IconCertificate),
  updates_delayed: wallets(IconAlertTriangle),
  updates_failing: wallets(IconAlertTriangle),
  mails_failing: { icon: IconMailX, pages: [], scope: 'organization:write' },
  reward_sold_out: reward,
  reward_low_in_stock: reward,
  offline_rejected: { icon: IconWifiOff, pages: ['/tills'], scope: 'ledger:adjust' },
  feedback_low: { icon: IconMessageStar, pages: ['/customers/feedback?which=low_open'], scope: 'customers:read' },
  budget_nearly_used: { icon: IconCoin, pages: ['/programs'], scope: 'programs:write' },
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
  const { icon: Symbol, pages, scope } = KINDS[item.kind];
  const may = useMay();
  const page = useReachable(pages);
  const values = {
    count: item.count,
    number: whole(item.count),
    subject: item.subject ? isolated(t(`wallet.${item.subject}`, { defaultValue: item.subject })) : '',
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
        {page !== undefined && may(scope) && (
          <Button component={Link} to={page} size="xs" variant="default">
            {t(`attention.${item.kind}.action`)}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/** A name within a sentence of another direction: signs beside it stay where the sentence has them. */
const isolated = (name: string): string => `\u2068${name}\u2069`;
