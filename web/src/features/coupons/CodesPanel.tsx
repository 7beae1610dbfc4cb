import { Badge, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconTicket } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { day, lastDay, whole } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useMay, useMe } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';

import { Batches } from './Batches';
import { GenerateCodes } from './GenerateCodes';
import { ImportCodes } from './ImportCodes';
import type { Campaign } from './campaign';

const COLOURS = { active: 'teal', used: 'blue', voided: 'red', expired: 'gray' } as const;

/** The codes of a campaign: making, importing, downloading and reading them. */
export function CodesPanel({ campaign }: { readonly campaign: Campaign }) {
  const may = useMay();
  const canMake = may('coupons:write') && campaign.state !== 'ended';
  return (
    <Stack gap="lg">
      {canMake && (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <GenerateCodes campaign={campaign} />
          <ImportCodes campaign={campaign} />
        </SimpleGrid>
      )}
      <Batches campaign={campaign} canCancel={canMake} />
      {may('coupons:export') && <CodeList campaign={campaign} />}
    </Stack>
  );
}

function CodeList({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useTranslation('coupons');
  const { data: me } = useMe();
  const list = useList(['coupon-campaigns', campaign.id, 'codes'], async (query) =>
    data(await api.GET('/api/v1/coupon-campaigns/{campaign_id}/codes', { params: { path: { campaign_id: campaign.id }, query } })),
  );
  return (
    <Stack>
      <Group justify="space-between">
        <div>
          <Title order={2} size="h4">{t('codes.title')}</Title>
          {/* Those that customers were given one by one are in the list alone. */}
          {campaign.codes > 0 && <Text size="sm" c="dimmed">{t('codes.made', { count: campaign.codes })}</Text>}
        </div>
        {campaign.codes > 0 && (
          <Button component="a" href={`/api/v1/coupon-campaigns/${campaign.id}/codes.csv`} download="codes.csv" variant="light" leftSection={<IconDownload size={18} aria-hidden />}>
            {t('codes.download')}
          </Button>
        )}
      </Group>
      <Listed list={list} empty={<Empty icon={IconTicket} title={t('codes.none')} hint={t('codes.noneHint')} />}>
        {(codes) => (
          <Rows
            label={t('codes.title')}
            items={codes}
            keyOf={({ id }) => id}
            columns={[
              { name: t('codes.code'), leads: true, cell: (coupon) => <Text ff="monospace" fw={600} dir="ltr">{coupon.code}</Text> },
              { name: t('field.state'), cell: (coupon) => <Badge color={COLOURS[coupon.state]} variant="light" tt="none">{t(`codeState.${coupon.state}`)}</Badge> },
              { name: t('codes.uses'), numeric: true, cell: (coupon) => whole(coupon.uses) },
              { name: t('codes.issued'), cell: (coupon) => day(coupon.issued_at, me?.organization.time_zone) },
              { name: t('codes.until'), cell: (coupon) => (coupon.expires_at ? lastDay(coupon.expires_at, me?.organization.time_zone) : '—') },
            ]}
          />
        )}
      </Listed>
    </Stack>
  );
}
