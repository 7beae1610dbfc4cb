import { Button, Checkbox, SegmentedControl, Select, SimpleGrid, Stack, TagsInput, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { BackLink } from '@/ui/BackLink';
import { Fault } from '@/ui/Fault';
import { MoneyInput, QuantityInput } from '@/ui/QuantityInput';
import { SaveBar } from '@/ui/SaveBar';
import { SentenceCard } from '@/ui/SentenceCard';
import { TranslatedInput } from '@/ui/TranslatedInput';

import type { Program } from '../requests';

import { definitionText } from './Achievements';
import { PrizeFields } from './PrizeFields';
import { METRICS, NEW, STREAKS, type Values, WINDOWS, achievementIn, definitionOf } from './achievement';

/** A new goal or streak. What it counts never changes afterwards. */
export function AchievementForm({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const { t: tell } = useTranslation('earning');
  const navigate = useNavigate();
  const list = `/programs/${program.id}/community`;
  const { value, set, isDirty } = useDraft<Values>({ ...NEW, prize: { amount: program.units.length > 0 ? 1 : 0 } });
  const save = useSaving({
    save: async () => data(await api.POST('/api/v1/programs/{program_id}/achievements', { params: { path: { program_id: program.id } }, body: achievementIn(value) })),
    refresh: [['program', program.id, 'achievements']],
    onSaved: () => void navigate(list),
  });
  const faults = refused(save.error);
  return (
    <form
      style={{ maxWidth: 760 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        <BackLink to={list} label={t('section.community')} />
        <Title order={2} size="h4">{t('achievements.add')}</Title>
        <SentenceCard label={tell('sentence')} sentence={definitionText(definitionOf(value), program.currency, t)} />
        {faults.above !== null && <Fault fault={faults.above} />}
        <TranslatedInput label={t('achievements.name')} required value={value.name} texts={value.names} onChange={(name, names) => set({ name, names })} error={faults.at('name')} />
        <SegmentedControl
          aria-label={t('achievements.kind')}
          data={[{ value: 'goal', label: t('achievements.goal') }, { value: 'streak', label: t('achievements.streak') }]}
          value={value.isStreak ? 'streak' : 'goal'}
          onChange={(kind) => set({ isStreak: kind === 'streak' })}
        />
        {value.isStreak ? <StreakFields value={value} set={set} /> : <GoalFields value={value} set={set} currency={program.currency} />}
        <Checkbox label={t('achievements.repeatable')} checked={value.repeatable} onChange={({ currentTarget }) => set({ repeatable: currentTarget.checked })} />
        <PrizeFields label={t('achievements.prize')} value={value.prize} onChange={(prize) => set({ prize })} program={program} error={faults.at('prize.amount')} />
        <TranslatedInput label={t('achievements.badge')} description={t('achievements.badgeHint')} value={value.badge} texts={value.badges} onChange={(badge, badges) => set({ badge, badges })} />
        {value.prize.amount === 0 && value.badge === '' && <Text size="sm" c="orange" role="status">{t('achievements.needsGift')}</Text>}
      </Stack>
      <SaveBar isDirty={isDirty} isNew disabled={value.prize.amount === 0 && value.badge === ''} pending={save.isPending} more={<Button component={Link} to={list} variant="default">{t('common:cancel')}</Button>} />
    </form>
  );
}

interface FieldsProps {
  readonly value: Values;
  readonly set: (change: Partial<Values>) => void;
}

function GoalFields({ value, set, currency }: FieldsProps & { readonly currency: string }) {
  const { t } = useTranslation('programs');
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <Select label={t('achievements.metric')} data={METRICS.map((metric) => ({ value: metric, label: t(`achievements.metrics.${metric}`) }))} value={value.metric} allowDeselect={false} onChange={(metric) => set({ metric: METRICS.find((each) => each === metric) ?? 'visits' })} />
        {value.metric === 'spend' ? (
          <MoneyInput label={t('achievements.target')} currency={currency} min={1} value={value.target} onNumber={(target) => set({ target })} />
        ) : (
          <QuantityInput label={t('achievements.target')} min={1} value={value.target} onNumber={(target) => set({ target })} />
        )}
        <Select label={t('achievements.window')} data={WINDOWS.map((window) => ({ value: window, label: t(`achievements.windows.${window}`) }))} value={value.window} allowDeselect={false} onChange={(window) => set({ window: WINDOWS.find((each) => each === window) ?? 'ever' })} />
      </SimpleGrid>
      {value.metric === 'items' && (
        <>
          <TagsInput label={t('rule.skus')} description={t('rule.tagsHint')} value={value.skus} onChange={(skus) => set({ skus })} />
          <TagsInput label={t('rule.categories')} description={t('rule.allItems')} value={value.categories} onChange={(categories) => set({ categories })} />
        </>
      )}
    </>
  );
}

function StreakFields({ value, set }: FieldsProps) {
  const { t } = useTranslation('programs');
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <QuantityInput label={t('achievements.length')} min={2} max={366} value={value.length} onNumber={(length) => set({ length })} />
      <Select label={t('achievements.inARow')} data={STREAKS.map((streak) => ({ value: streak, label: t(`achievements.streaks.${streak}`) }))} value={value.streak} allowDeselect={false} onChange={(streak) => set({ streak: STREAKS.find((each) => each === streak) ?? 'week' })} />
    </SimpleGrid>
  );
}
