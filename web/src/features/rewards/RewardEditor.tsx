import { Alert, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconGift } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';

import { api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { BackLink } from '@/ui/BackLink';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { SaveBar } from '@/ui/SaveBar';

import { RewardFields } from './RewardFields';
import { RewardWarnings } from './RewardWarnings';
import { usePrograms } from './requests';
import { type Program, type Reward, type Values, newReward, rewardChange, rewardIn, valuesOf } from './reward';

/** A new reward, of the programme that was named in the address or is chosen here. */
export function NewReward() {
  const { t } = useTranslation('rewards');
  const [search] = useSearchParams();
  const [chosen, setChosen] = useState<string | null>(search.get('program'));
  return (
    <>
      <BackLink to={search.get('program') ? `/programs/${search.get('program') ?? ''}/rewards` : '/rewards'} label={t('title')} />
      <Page title={t('add')}>
        <Loaded query={usePrograms()}>
          {(all) => {
            const programs = all.filter(({ state }) => state !== 'ended');
            const program = programs.find(({ id }) => id === chosen) ?? programs[0];
            if (!program) return <Empty icon={IconGift} title={t('noProgram')} hint={t('noProgramHint')} />;
            return (
              <Stack maw={760}>
                {programs.length > 1 && (
                  <Select label={t('program')} data={programs.map(({ id, name }) => ({ value: id, label: name }))} value={program.id} allowDeselect={false} onChange={setChosen} />
                )}
                <RewardForm key={program.id} program={program} reward={null} />
              </Stack>
            );
          }}
        </Loaded>
      </Page>
    </>
  );
}

/** A reward that is there. */
export function EditReward() {
  const { t } = useTranslation('rewards');
  const { id = '' } = useParams();
  const programs = usePrograms();
  const reward = useQuery({ queryKey: ['reward', id], queryFn: async () => data(await api.GET('/api/v1/rewards/{reward_id}', { params: { path: { reward_id: id } } })) });
  return (
    <>
      <BackLink to="/rewards" label={t('title')} />
      <Page title={reward.data?.name ?? t('title')}>
        <Loaded query={reward}>
          {(known) => (
            <Loaded query={programs}>
              {(all) => {
                const program = all.find((each) => each.id === known.program_id);
                return program ? <RewardForm key={id} program={program} reward={known} /> : null;
              }}
            </Loaded>
          )}
        </Loaded>
      </Page>
    </>
  );
}

interface RewardFormProps {
  readonly program: Program;
  readonly reward: Reward | null;
}

function RewardForm({ program, reward }: RewardFormProps) {
  const { t } = useTranslation('rewards');
  const navigate = useNavigate();
  const opened = reward ? valuesOf(reward) : newReward(program);
  const { value, set, isDirty } = useDraft<Values>(opened);
  const save = useSaving({
    save: async () =>
      reward
        ? data(await api.PATCH('/api/v1/rewards/{reward_id}', { params: { path: { reward_id: reward.id } }, body: rewardChange(value, opened) }))
        : data(await api.POST('/api/v1/rewards', { body: rewardIn(value, program.id) })),
    refresh: [['rewards'], ['reward'], ['program', program.id]],
    onSaved: () => void navigate(-1),
  });
  const faults = refused(save.error, { unit_not_spendable: 'unit' });
  return (
    <form
      style={{ maxWidth: 760 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        {faults.above !== null && <Fault fault={faults.above} />}
        {program.units.length === 0 && <Alert>{t('onlyGiven')}</Alert>}
        {reward && <RewardWarnings reward={reward} />}
        <RewardFields value={value} set={set} program={program} refused={faults} isNew={reward === null} />
      </Stack>
      <SaveBar isDirty={isDirty} isNew={reward === null} pending={save.isPending} />
    </form>
  );
}
