import { Badge, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Routes, useParams } from 'react-router';

import { api, data } from '@/lib/api';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { SectionNav } from '@/ui/SectionNav';

import { CampaignForm } from './CampaignEditor';
import { CodesPanel } from './CodesPanel';
import { STATE_COLOURS } from './CouponsPage';
import { UsesPanel } from './UsesPanel';
import type { Campaign } from './campaign';

const NEXT = { draft: ['active', 'ended'], active: ['paused', 'ended'], paused: ['active', 'ended'], ended: [] } as const;

/** One campaign: its codes, what it promises, and how it was used. */
export function CampaignPage() {
  const { id = '' } = useParams();
  const campaign = useQuery({
    queryKey: ['coupon-campaigns', id],
    queryFn: async () => data(await api.GET('/api/v1/coupon-campaigns/{campaign_id}', { params: { path: { campaign_id: id } } })),
  });
  return <Loaded query={campaign}>{(known) => <Opened campaign={known} />}</Loaded>;
}

function Opened({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useTranslation('coupons');
  const may = useMay();
  const at = `/coupons/${campaign.id}`;
  const sections = [
    { to: at, label: t('codes.title'), end: true },
    { to: `${at}/terms`, label: t('terms') },
    { to: `${at}/uses`, label: t('uses.title') },
  ];
  const state = (
    <Group gap="xs">
      <Badge color={STATE_COLOURS[campaign.state]} variant="light" tt="none">{t(`state.${campaign.state}`)}</Badge>
      {may('coupons:write') && <StateActions campaign={campaign} />}
    </Group>
  );
  return (
    <>
      <BackLink to="/coupons" label={t('title')} />
      <Page title={campaign.name} actions={state}>
        <SectionNav label={campaign.name} sections={sections} />
        <Routes>
          <Route index element={<CodesPanel campaign={campaign} />} />
          <Route path="terms" element={<CampaignForm key={campaign.id} campaign={campaign} />} />
          <Route path="uses" element={<UsesPanel campaign={campaign} />} />
        </Routes>
      </Page>
    </>
  );
}

function StateActions({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useTranslation('coupons');
  const [isEnding, setEnding] = useState(false);
  const change = useSaving({
    save: async (state: Campaign['state']) => data(await api.PATCH('/api/v1/coupon-campaigns/{campaign_id}', { params: { path: { campaign_id: campaign.id } }, body: { state } })),
    refresh: [['coupon-campaigns']],
    onSaved: () => setEnding(false),
  });
  return (
    <>
      {NEXT[campaign.state].map((state) => (
        <Button key={state} size="sm" variant={state === 'active' ? 'filled' : 'default'} loading={change.isPending && change.variables === state} onClick={() => (state === 'ended' ? setEnding(true) : change.mutate(state))}>
          {t(`become.${state}`)}
        </Button>
      ))}
      <ConfirmDialog opened={isEnding} title={t('endTitle', { name: campaign.name })} action={t('become.ended')} danger pending={change.isPending} fault={change.error} onClose={() => setEnding(false)} onConfirm={() => change.mutate('ended')}>
        <Text>{t('endLead')}</Text>
      </ConfirmDialog>
    </>
  );
}
