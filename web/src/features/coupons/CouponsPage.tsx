import { Anchor, Badge, Button, Stack, Text } from '@mantine/core';
import { IconDiscount, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes } from 'react-router';

import { api, data } from '@/lib/api';
import { whole } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useMay } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Page } from '@/ui/Page';
import { Rows } from '@/ui/Rows';

import { CampaignPage } from './CampaignPage';
import { NewCampaign } from './CampaignEditor';
import { FindCode } from './FindCode';
import { type Campaign, valuesOf } from './campaign';
import { couponSentence } from './sentence';
import { useCouponWords } from './useCouponWords';

export const STATE_COLOURS: Readonly<Record<Campaign['state'], string>> = { draft: 'gray', active: 'teal', paused: 'orange', ended: 'red' };

/** Coupon campaigns, their codes, and a code that somebody holds in the hand. */
export function CouponsPage() {
  return (
    <Routes>
      <Route index element={<CampaignList />} />
      <Route path="new" element={<NewCampaign />} />
      <Route path=":id/*" element={<CampaignPage />} />
    </Routes>
  );
}

function CampaignList() {
  const { t } = useTranslation('coupons');
  const may = useMay();
  const list = useList(['coupon-campaigns', 'list'], async (query) => data(await api.GET('/api/v1/coupon-campaigns', { params: { query } })));
  const add = may('coupons:write') && (
    <Button component={Link} to="/coupons/new" leftSection={<IconPlus size={18} aria-hidden />}>{t('add')}</Button>
  );
  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <Listed list={list} empty={<Empty icon={IconDiscount} title={t('none')} hint={t('noneHint')} action={add} />}>
        {(campaigns) => (
          <Stack>
            <FindCode />
            <Rows
              label={t('title')}
              items={campaigns}
              keyOf={({ id }) => id}
              columns={[
                { name: t('field.name'), leads: true, cell: (campaign) => <Anchor component={Link} to={`/coupons/${campaign.id}`} fw={600} dir="auto">{campaign.name}</Anchor> },
                { name: t('what'), cell: (campaign) => <Promised campaign={campaign} /> },
                { name: t('field.state'), cell: (campaign) => <Badge color={STATE_COLOURS[campaign.state]} variant="light" tt="none">{t(`state.${campaign.state}`)}</Badge> },
                { name: t('codes.stock'), numeric: true, cell: (campaign) => (campaign.codes > 0 ? whole(campaign.codes) : '—') },
              ]}
            />
          </Stack>
        )}
      </Listed>
    </Page>
  );
}

function Promised({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useTranslation('coupons');
  const words = useCouponWords(campaign.program_id, Boolean(campaign.after_purchase?.conditions?.tiers));
  return <Text size="sm">{couponSentence(valuesOf(campaign), words, t)}</Text>;
}
