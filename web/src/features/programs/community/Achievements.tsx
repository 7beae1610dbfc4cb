import { Button, Group, Stack, Switch, Text, Title } from '@mantine/core';
import { IconPlus, IconTrophy } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { money, whole } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { unitAmount, unitOf } from '@/lib/units';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';

import type { Program } from '../requests';

type Achievement = Schemas['AchievementOut'];

/** Goals and streaks of a programme. */
export function Achievements({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const canWrite = useMay()('programs:write') && program.state !== 'ended';
  const key = ['program', program.id, 'achievements'];
  const list = useList(key, async (query) =>
    data(await api.GET('/api/v1/programs/{program_id}/achievements', { params: { path: { program_id: program.id }, query } })),
  );
  const change = useSaving({
    save: async ({ id, active }: { id: string; active: boolean }) =>
      data(await api.PATCH('/api/v1/achievements/{achievement_id}', { params: { path: { achievement_id: id } }, body: { active } })),
    refresh: [key],
  });
  const add = canWrite && (
    <Button component={Link} to="achievements/new" variant="light" leftSection={<IconPlus size={18} aria-hidden />}>{t('achievements.add')}</Button>
  );
  return (
    <Stack mt="xl">
      <Group justify="space-between">
        <Title order={2} size="h4">{t('achievements.title')}</Title>
        {add}
      </Group>
      {change.isError && <Fault fault={change.error} />}
      <Listed list={list} empty={<Empty icon={IconTrophy} title={t('achievements.none')} hint={t('achievements.noneHint')} />}>
        {(items) => (
          <Rows
            label={t('achievements.title')}
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { name: t('achievements.name'), leads: true, cell: (item) => <Text fw={600} dir="auto">{item.name}</Text> },
              { name: t('achievements.what'), cell: (item) => definitionText(item.definition, program.currency, t) },
              { name: t('achievements.gives'), cell: (item) => givesText(item, program) },
              {
                name: t('achievements.active'),
                cell: (item) => (
                  <Switch aria-label={t('achievements.activeOf', { name: item.name })} checked={item.active} disabled={!canWrite} onChange={({ currentTarget }) => change.mutate({ id: item.id, active: currentTarget.checked })} />
                ),
              },
            ]}
          />
        )}
      </Listed>
    </Stack>
  );
}

export function definitionText(definition: Achievement['definition'], currency: string, t: TFunction): string {
  if (definition.type === 'streak') return t(`achievements.streakOf.${definition.unit}`, { count: definition.length });
  const window = definition.window && definition.window !== 'ever' ? ` ${t(`achievements.within.${definition.window}`)}` : '';
  const target = definition.metric === 'spend' ? money(definition.target, currency) : whole(definition.target);
  return t(`achievements.goalOf.${definition.metric}`, { target, count: definition.target }) + window;
}

function givesText(item: Achievement, program: Program): string {
  const unit = unitOf(program.units, item.unit);
  const parts = [...(item.amount > 0 && unit ? [unitAmount(item.amount, unit)] : []), ...(item.badge ? [item.badge] : [])];
  return parts.join(' + ');
}
