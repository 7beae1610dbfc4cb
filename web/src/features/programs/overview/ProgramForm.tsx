import { Fieldset, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Fault } from '@/ui/Fault';
import { InstantInput } from '@/ui/InstantInput';
import { Loaded } from '@/ui/Loaded';
import { QuantityInput } from '@/ui/QuantityInput';
import { SaveBar } from '@/ui/SaveBar';
import { TranslatedInput } from '@/ui/TranslatedInput';
import { BaseFields } from '@/ui/earning/BaseFields';

import { type Program, dryRunProgram, useProgramChange } from '../requests';

type Values = Pick<Program, 'name' | 'names' | 'goal' | 'starts_at' | 'ends_at' | 'settings'>;

const valuesOf = ({ name, names, goal, starts_at, ends_at, settings }: Program): Values => ({ name, names, goal, starts_at, ends_at, settings });

interface ProgramFormProps {
  readonly program: Program;
  readonly readOnly: boolean;
}

/** Name, goal, dates and what counts. Another goal is saved after a look at what it would mean to members. */
export function ProgramForm({ program, readOnly }: ProgramFormProps) {
  const { t } = useTranslation('programs');
  const { value, set, isDirty, replace, settle } = useDraft<Values>(valuesOf(program));
  const [isAsking, setAsking] = useState(false);
  const change = useProgramChange(program.id, () => setAsking(false));
  const faults = refused(change.error);
  const changed = (now: Program) => ({
    ...value,
    goal: value.goal ?? now.goal,
    // What another page saved meanwhile stays: this form has only these two of the settings.
    settings: { ...now.settings, ...pickSettings(value.settings) },
  });
  const save = () => change.mutate(changed, { onSuccess: (saved) => settle(valuesOf(saved), value) });
  const changesGoal = program.goal !== null && value.goal !== program.goal;
  const putSettings = (part: Partial<Values['settings']>) => set({ settings: { ...value.settings, ...part } });
  return (
    <form
      style={{ maxWidth: 760 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (changesGoal) setAsking(true);
        else save();
      }}
    >
      <Fieldset variant="unstyled" disabled={readOnly}>
        <Stack>
          {faults.above !== null && <Fault fault={faults.above} />}
          <TranslatedInput label={t('field.name')} required value={value.name} texts={value.names} onChange={(name, names) => set({ name, names })} error={faults.at('name')} />
          {program.goal !== null && (
            <QuantityInput
              label={t(program.kind === 'stamps' ? 'open.stamps' : 'field.goal')}
              description={t('field.goalHint')}
              min={1}
              max={program.kind === 'stamps' ? 100 : 10_000_000}
              value={value.goal}
              onNumber={(goal) => set({ goal })}
              error={faults.at('goal')}
            />
          )}
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <InstantInput label={t('field.startsAt')} timeZone={program.time_zone} value={value.starts_at} onChange={(starts_at) => set({ starts_at })} />
            <InstantInput label={t('field.endsAt')} timeZone={program.time_zone} value={value.ends_at} onChange={(ends_at) => set({ ends_at })} />
          </SimpleGrid>
          {program.units.length > 0 && (
            <>
              <QuantityInput
                label={t('field.byHand')}
                description={t('field.byHandHint')}
                max={1_000_000}
                value={value.settings.units_by_hand_limit ?? 10}
                onNumber={(units_by_hand_limit) => putSettings({ units_by_hand_limit })}
              />
              <BaseFields value={value.settings.accrual_base ?? {}} onChange={(accrual_base) => putSettings({ accrual_base })} />
            </>
          )}
        </Stack>
      </Fieldset>
      {!readOnly && <SaveBar isDirty={isDirty} pending={change.isPending} onDiscard={() => replace(valuesOf(program))} />}
      <ConfirmDialog
        opened={isAsking}
        title={t('goal.title', { goal: value.goal })}
        action={t('goal.action')}
        pending={change.isPending}
        fault={change.error}
        onClose={() => setAsking(false)}
        onConfirm={save}
      >
        {isAsking && value.goal !== null && <GoalMeans program={program} goal={value.goal} />}
      </ConfirmDialog>
    </form>
  );
}

const pickSettings = ({ units_by_hand_limit, accrual_base }: Values['settings']) => ({
  ...(units_by_hand_limit === undefined ? {} : { units_by_hand_limit }),
  ...(accrual_base === undefined ? {} : { accrual_base }),
});

/** For how many members a reward would be ready with another goal. */
function GoalMeans({ program, goal }: { readonly program: Program; readonly goal: number }) {
  const { t } = useTranslation('programs');
  const run = useQuery({ queryKey: ['program', program.id, 'dry-run', goal], queryFn: () => dryRunProgram(program.id, goal), staleTime: 0 });
  return (
    <Loaded query={run}>
      {(told) => (
        <Stack gap="xs">
          <Text>{t('stake.members', { count: told.members })}</Text>
          {told.rewards.length === 0 && <Text>{t('goal.noReward')}</Text>}
          {told.rewards.map((reward) => {
            const change = reward.ready_after - reward.ready_before;
            return (
              <Group key={reward.reward_id} gap={6}>
                <Text fw={600} dir="auto">{reward.name}</Text>
                <Text>{t('goal.price', { before: reward.price_before, after: reward.price_after })}</Text>
                <Text c={change < 0 ? 'orange' : 'inherit'}>{t(change < 0 ? 'goal.lose' : change > 0 ? 'goal.gain' : 'goal.same', { count: Math.abs(change) })}</Text>
              </Group>
            );
          })}
        </Stack>
      )}
    </Loaded>
  );
}
