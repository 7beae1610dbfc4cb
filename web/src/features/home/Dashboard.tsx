import { Grid, Skeleton, Stack } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { api, data, type Schemas } from '@/lib/api';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';

import { Attention } from './Attention';
import { FigureDetail } from './FigureDetail';
import { Figures, FiguresSkeleton } from './Figures';
import { FilterBar } from './FilterBar';
import { FirstSteps } from './FirstSteps';
import { Funnel } from './Funnel';
import { LiveBadge, LiveFacts } from './LiveFacts';
import { addressOf, filtersOf, questionOf } from './period';
import { useLive } from './useLive';

interface DashboardProps {
  readonly organization: Schemas['OrganizationOut'];
}

/** Figures of a period, what needs attention, and what happens now. */
export function Dashboard({ organization }: DashboardProps) {
  const { t } = useTranslation('home');
  const [address, setAddress] = useSearchParams();
  const filters = useMemo(() => filtersOf(address, organization.time_zone), [address, organization.time_zone]);
  const [shown, setShown] = useState<Schemas['KpiOut']['name'] | null>(null);
  const { facts, state } = useLive();
  const query = questionOf(filters);
  const kpis = useQuery({
    queryKey: ['reports', 'kpis', query],
    queryFn: async () => data(await api.GET('/api/v1/reports/kpis', { params: { query } })),
    placeholderData: keepPreviousData,
  });
  const funnel = useQuery({
    queryKey: ['reports', 'funnel', query],
    queryFn: async () => data(await api.GET('/api/v1/reports/funnel', { params: { query } })),
    placeholderData: keepPreviousData,
  });
  const health = useQuery({
    queryKey: ['reports', 'attention'],
    queryFn: async () => data(await api.GET('/api/v1/attention')),
    refetchInterval: 60_000,
  });
  const steps = health.data?.first_steps ?? [];
  const hasBegun = steps.some(({ step, done }) => done && (step === 'scan' || step === 'card'));
  const detail = kpis.data?.kpis.find(({ name }) => name === shown);
  // All of it at once: nothing moves under a finger that is about to touch it.
  if (health.isPending || kpis.isPending || funnel.isPending) return <DashboardSkeleton title={t('title')} />;
  return (
    <Page title={t('title')} actions={<LiveBadge state={state} />}>
      {health.data && <Attention items={health.data.items} />}
      {!hasBegun && steps.length > 0 && <FirstSteps steps={steps} />}
      {(hasBegun || health.isError) && (
        <Stack gap="md">
          <FilterBar filters={filters} timeZone={organization.time_zone} onChange={(next) => setAddress(addressOf(next), { replace: true })} />
          <Loaded query={kpis} skeleton={<FiguresSkeleton />}>
            {(report) => <Figures report={report} onOpen={setShown} />}
          </Loaded>
        </Stack>
      )}
      <Grid gap="md">
        {hasBegun && (
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Loaded query={funnel} skeleton={<Skeleton h={330} radius="md" />}>
              {(report) => <Funnel steps={report.steps} />}
            </Loaded>
          </Grid.Col>
        )}
        <Grid.Col span={{ base: 12, md: hasBegun ? 5 : 12 }}>
          <LiveFacts facts={facts} timeZone={organization.time_zone} />
        </Grid.Col>
      </Grid>
      {hasBegun && steps.some(({ done }) => !done) && <FirstSteps steps={steps} onlyOpen />}
      {detail && kpis.data && (
        <FigureDetail kpi={detail} report={kpis.data} question={query} onClose={() => setShown(null)} />
      )}
    </Page>
  );
}

function DashboardSkeleton({ title }: { readonly title: string }) {
  return (
    <Page title={title}>
      <Skeleton h={36} w="60%" radius="md" />
      <FiguresSkeleton />
      <Skeleton h={330} radius="md" aria-busy="true" />
    </Page>
  );
}
