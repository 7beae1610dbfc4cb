import { Badge, Button, Card, ColorSwatch, Group, Stack, Text, Title } from '@mantine/core';
import { IconPlus, IconStairsUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { useList } from '@/lib/paging';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { PanelHead } from '@/ui/PanelHead';

import { TierSetPage } from './TierSetEditor';
import { amountOf, setSentence } from './sentence';
import type { TierSet } from './tierSet';

type Program = Schemas['ProgramOut'];

/** Tier sets of a programme. */
export function TiersPanel({ program }: { readonly program: Program }) {
  return (
    <Routes>
      <Route index element={<TierSetList program={program} />} />
      <Route path=":set" element={<TierSetPage program={program} />} />
    </Routes>
  );
}

function TierSetList({ program }: { readonly program: Program }) {
  const { t } = useTranslation('tiers');
  const canWrite = useMay()('programs:write') && program.state !== 'ended';
  const list = useList(['tier-sets', program.id, 'list'], async (query) => data(await api.GET('/api/v1/tier-sets', { params: { query: { ...query, program_id: program.id } } })));
  const add = canWrite && (list.items?.length ?? 0) < 5 && (
    <Button component={Link} to="new" leftSection={<IconPlus size={18} aria-hidden />}>{t('add')}</Button>
  );
  return (
    <Stack>
      <PanelHead title={t('title')} lead={t('lead')} action={list.items?.length ? add : undefined} />
      <Listed list={list} empty={<Empty icon={IconStairsUp} title={t('none')} hint={t('noneHint')} action={add} />}>
        {(sets) => sets.map((set) => <TierSetCard key={set.id} set={set} program={program} canWrite={canWrite} />)}
      </Listed>
    </Stack>
  );
}

interface TierSetCardProps {
  readonly set: TierSet;
  readonly program: Program;
  readonly canWrite: boolean;
}

function TierSetCard({ set, program, canWrite }: TierSetCardProps) {
  const { t } = useTranslation('tiers');
  const [isRemoving, setRemoving] = useState(false);
  const remove = useSaving({
    save: () => api.DELETE('/api/v1/tier-sets/{tier_set_id}', { params: { path: { tier_set_id: set.id } } }),
    refresh: [['tier-sets', program.id]],
    told: t('removed'),
    onSaved: () => setRemoving(false),
  });
  return (
    <Card withBorder component="article" aria-label={set.name}>
      <Stack gap="sm">
        <Title order={3} size="h5" dir="auto">{set.name}</Title>
        <Text size="sm">{setSentence(set, program, t)}</Text>
        <Group gap="xs">
          {set.tiers.map((tier) => (
            <Badge key={tier.id} variant="default" size="lg" tt="none" leftSection={tier.colour && <ColorSwatch color={tier.colour} size={12} />}>
              <bdi>{tier.name}</bdi> · {amountOf(tier.threshold, set, program, t)}
            </Badge>
          ))}
        </Group>
        {set.warnings.map((warning) => (
          <Text key={warning.tier_id} size="sm" c="orange">{warning.text}</Text>
        ))}
        {canWrite && (
          <Group gap="xs">
            <Button component={Link} to={set.id} variant="light" size="xs">{t('common:edit')}</Button>
            <Button variant="default" size="xs" onClick={() => setRemoving(true)}>{t('common:remove')}</Button>
          </Group>
        )}
      </Stack>
      <ConfirmDialog opened={isRemoving} title={t('removeTitle', { name: set.name })} action={t('common:remove')} danger pending={remove.isPending} fault={remove.error} onClose={() => setRemoving(false)} onConfirm={() => remove.mutate()}>
        <Text>{t('removeLead')}</Text>
      </ConfirmDialog>
    </Card>
  );
}
