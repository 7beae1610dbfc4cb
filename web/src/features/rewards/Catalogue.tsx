import { Anchor, Badge, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconGift, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data } from '@/lib/api';
import { whole } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useMay } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { PanelHead } from '@/ui/PanelHead';
import { RewardPicture } from '@/ui/RewardPicture';
import { Rows } from '@/ui/Rows';

import { benefitText, priceText } from './benefitText';
import { usePrograms } from './requests';
import { RewardWarnings } from './RewardWarnings';
import type { Program, Reward } from './reward';

/** The catalogue of all programmes, or of one. */
export function Catalogue() {
  const { t } = useTranslation('rewards');
  const programs = usePrograms().data ?? [];
  const [programId, setProgramId] = useState<string | null>(null);
  const filter = programs.length > 1 && (
    <Select aria-label={t('program')} placeholder={t('allPrograms')} clearable data={programs.map(({ id, name }) => ({ value: id, label: name }))} value={programId} onChange={setProgramId} w={{ base: '100%', xs: 320 }} />
  );
  return <RewardList programs={programs} programId={programId} filter={filter} />;
}

/** The rewards of a programme, as a part of its page. */
export function RewardsPanel({ program }: { readonly program: Program }) {
  return <RewardList programs={[program]} programId={program.id} />;
}

interface RewardListProps {
  readonly programs: readonly Program[];
  readonly programId: string | null;
  readonly filter?: ReactNode;
}

function RewardList({ programs, programId, filter }: RewardListProps) {
  const { t } = useTranslation('rewards');
  const may = useMay();
  const list = useList(['rewards', 'list', programId], async (query) =>
    data(await api.GET('/api/v1/rewards', { params: { query: { ...query, ...(programId ? { program_id: programId } : {}) } } })),
  );
  const open = programs.some(({ state }) => state !== 'ended');
  const add = may('programs:write') && open && (
    <Button component={Link} to={programId ? `/rewards/new?program=${programId}` : '/rewards/new'} leftSection={<IconPlus size={18} aria-hidden />}>
      {t('add')}
    </Button>
  );
  const isEmpty = list.items?.length === 0;
  const programOf = (reward: Reward) => programs.find(({ id }) => id === reward.program_id);
  return (
    <Stack>
      {filter ? (
        <Group justify="space-between">
          {filter}
          {!isEmpty && add}
        </Group>
      ) : (
        <PanelHead title={t('title')} lead={t('lead')} action={isEmpty ? undefined : add} />
      )}
      <Listed list={list} empty={<Empty icon={IconGift} title={t('none')} hint={t('noneHint')} action={add} />}>
        {(rewards) => (
          <Rows
            label={t('catalogue')}
            items={rewards}
            keyOf={({ id }) => id}
            columns={[
              { name: t('field.name'), leads: true, cell: (reward) => <NameCell reward={reward} linked={may('programs:write')} /> },
              ...(programs.length > 1 ? [{ name: t('program'), cell: (reward: Reward) => <Text size="sm" dir="auto">{programOf(reward)?.name}</Text> }] : []),
              { name: t('field.benefit'), cell: (reward) => benefitText(reward.benefit, programOf(reward)?.currency ?? 'EUR', t) },
              { name: t('field.price'), numeric: true, cell: (reward) => priceText(reward, programOf(reward), t) },
              { name: t('field.stock'), numeric: true, cell: (reward) => <StockCell reward={reward} /> },
            ]}
          />
        )}
      </Listed>
    </Stack>
  );
}

function NameCell({ reward, linked }: { readonly reward: Reward; readonly linked: boolean }) {
  const { t } = useTranslation('rewards');
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <RewardPicture address={reward.image_url} />
      <Stack gap={2}>
        <Group gap="xs">
          {linked ? <Anchor component={Link} to={`/rewards/edit/${reward.id}`} fw={600} dir="auto">{reward.name}</Anchor> : <Text fw={600} dir="auto">{reward.name}</Text>}
          {!reward.active && <Badge color="gray" variant="light" tt="none">{t('notOffered')}</Badge>}
        </Group>
        <RewardWarnings reward={reward} />
      </Stack>
    </Group>
  );
}

function StockCell({ reward }: { readonly reward: Reward }) {
  const { t } = useTranslation('rewards');
  if (reward.stock === null) return <Text size="sm" c="dimmed" component="span">{t('noLimit')}</Text>;
  const colour = reward.stock === 0 ? 'red' : reward.stock < 10 ? 'orange' : 'gray';
  return <Badge color={colour} variant="light" tt="none">{reward.stock === 0 ? t('soldOut') : whole(reward.stock)}</Badge>;
}
