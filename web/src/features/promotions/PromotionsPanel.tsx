import { Badge, Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { IconConfetti, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { whole } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { unitAmount, unitOf } from '@/lib/units';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Listed } from '@/ui/Listed';
import { PanelHead } from '@/ui/PanelHead';
import { promotionSentence } from '@/ui/earning/promotionSentence';
import { useWords } from '@/ui/earning/words';

import { PromotionPage } from './PromotionEditor';
import type { Promotion } from './promotion';

type Program = Schemas['ProgramOut'];
const COLOURS = { draft: 'gray', active: 'teal', paused: 'orange', ended: 'red' } as const;
const NEXT = { draft: ['active'], active: ['paused', 'ended'], paused: ['active', 'ended'], ended: [] } as const;

/** Promotions of a programme: what is given beyond its rules, for a while. */
export function PromotionsPanel({ program }: { readonly program: Program }) {
  return (
    <Routes>
      <Route index element={<PromotionList program={program} />} />
      <Route path=":promotion" element={<PromotionPage program={program} />} />
    </Routes>
  );
}

function PromotionList({ program }: { readonly program: Program }) {
  const { t } = useTranslation('promotions');
  const canWrite = useMay()('programs:write') && program.state !== 'ended';
  const list = useList(['promotions', program.id], async (query) => data(await api.GET('/api/v1/promotions', { params: { query: { ...query, program_id: program.id } } })));
  const add = canWrite && (
    <Button component={Link} to="new" leftSection={<IconPlus size={18} aria-hidden />}>{t('add')}</Button>
  );
  return (
    <Stack>
      <PanelHead title={t('title')} lead={t('lead')} action={list.items?.length ? add : undefined} />
      <Listed list={list} empty={<Empty icon={IconConfetti} title={t('none')} hint={t('noneHint')} action={add} />}>
        {(promotions) => promotions.map((promotion) => <PromotionCard key={promotion.id} promotion={promotion} program={program} canWrite={canWrite} />)}
      </Listed>
    </Stack>
  );
}

interface PromotionCardProps {
  readonly promotion: Promotion;
  readonly program: Program;
  readonly canWrite: boolean;
}

function PromotionCard({ promotion, program, canWrite }: PromotionCardProps) {
  const { t } = useTranslation('promotions');
  const words = useWords(program);
  const change = useSaving({
    save: async (state: Promotion['state']) =>
      data(await api.PATCH('/api/v1/promotions/{promotion_id}', { params: { path: { promotion_id: promotion.id } }, body: { state } })),
    refresh: [['promotions', program.id]],
  });
  return (
    <Card withBorder component="article" aria-label={promotion.name}>
      <Stack gap="xs">
        {change.isError && <Fault fault={change.error} />}
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={3} size="h5" dir="auto">{promotion.name}</Title>
          <Badge color={COLOURS[promotion.state]} variant="light" tt="none" style={{ flex: 'none' }}>{t(`state.${promotion.state}`)}</Badge>
        </Group>
        <Text size="sm">{promotionSentence(promotion, words)}</Text>
        <Given promotion={promotion} program={program} />
        {canWrite && (
          <Group gap="xs">
            {promotion.state !== 'ended' && <Button component={Link} to={promotion.id} variant="light" size="xs">{t('common:edit')}</Button>}
            {NEXT[promotion.state].map((state) => (
              <Button key={state} variant="default" size="xs" loading={change.isPending && change.variables === state} onClick={() => change.mutate(state)}>{t(`become.${state}`)}</Button>
            ))}
          </Group>
        )}
      </Stack>
    </Card>
  );
}

/** What it has given so far, and how much of its budget that is. */
function Given({ promotion, program }: { readonly promotion: Promotion; readonly program: Program }) {
  const { t } = useTranslation('promotions');
  const unit = unitOf(program.units, promotion.unit);
  const told = unit ? unitAmount(promotion.units, unit) : whole(promotion.units);
  const share = promotion.budget_units ? promotion.units / promotion.budget_units : promotion.budget_uses ? promotion.uses / promotion.budget_uses : null;
  return (
    <div>
      <Text size="sm" c="dimmed">{t('given', { count: promotion.uses, units: told })}</Text>
      {share !== null && <Progress value={Math.min(100, share * 100)} aria-label={t('budgetUsed')} mt={4} />}
    </div>
  );
}
