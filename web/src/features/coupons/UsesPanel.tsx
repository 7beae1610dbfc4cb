import { Badge, Text } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant, money, whole } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useMe } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';
import { useLocations } from '@/ui/earning/words';

import type { Campaign } from './campaign';

/** How the codes of a campaign were used, newest first. */
export function UsesPanel({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useTranslation('coupons');
  const { data: me } = useMe();
  const { data: locations } = useLocations();
  const list = useList(['coupon-campaigns', campaign.id, 'uses'], async (query) =>
    data(await api.GET('/api/v1/coupon-campaigns/{campaign_id}/redemptions', { params: { path: { campaign_id: campaign.id }, query } })),
  );
  return (
    <Listed list={list} empty={<Empty icon={IconReceipt} title={t('uses.none')} hint={t('uses.noneHint')} />}>
      {(uses) => (
        <Rows
          label={t('uses.title')}
          items={uses}
          keyOf={({ id }) => id}
          columns={[
            { name: t('uses.when'), leads: true, cell: (use) => <Text fw={600} size="sm">{use.redeemed_at ? instant(use.redeemed_at, me?.organization.time_zone) : '—'}</Text> },
            { name: t('field.state'), cell: (use) => <Badge variant="light" tt="none" color={use.state === 'redeemed' ? 'teal' : 'gray'}>{t(`useState.${use.state}`)}</Badge> },
            { name: t('uses.where'), cell: (use) => <Text size="sm" dir="auto">{locations?.find(({ id }) => id === use.location_id)?.name ?? '—'}</Text> },
            { name: t('uses.reference'), cell: (use) => <Text size="xs" ff="monospace" dir="ltr" style={{ overflowWrap: 'anywhere' }}>{use.order_reference ?? use.reference}</Text> },
            { name: t('uses.gave'), numeric: true, cell: (use) => (use.units > 0 ? `+${whole(use.units)}` : money(use.discount_minor, use.currency)) },
          ]}
        />
      )}
    </Listed>
  );
}
