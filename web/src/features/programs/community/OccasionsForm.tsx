import { Card, MultiSelect, Select, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { type Refused, refused } from '@/lib/refusals';
import { useMay } from '@/lib/session';
import { unitName } from '@/lib/units';
import { Fault } from '@/ui/Fault';
import { QuantityInput } from '@/ui/QuantityInput';
import { SaveBar } from '@/ui/SaveBar';

import { type Program, useProgramChange } from '../requests';

import { PrizeFields } from './PrizeFields';
import { ReferralFields } from './ReferralFields';
import { ReferralResults } from './ReferralResults';

type Occasions = Pick<Schemas['ProgramSettings'], 'referral' | 'birthday' | 'households'>;

const occasionsOf = ({ settings: { referral = null, birthday = null, households = null } }: Program): Occasions => ({ referral, birthday, households });

/** Referral, birthdays and households: each is there or not. */
export function OccasionsForm({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const canWrite = useMay()('programs:write') && program.state !== 'ended';
  const { value, set, isDirty, replace, settle } = useDraft<Occasions>(occasionsOf(program));
  const save = useProgramChange(program.id);
  const faults = refused(save.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate((now) => ({ settings: { ...now.settings, ...value } }), { onSuccess: (saved) => settle(occasionsOf(saved), value) });
      }}
    >
      <fieldset disabled={!canWrite} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
        <Stack>
          {faults.above !== null && <Fault fault={faults.above} />}
          <Occasion name="referral" isOn={Boolean(value.referral)} onToggle={(isOn) => set({ referral: isOn ? { referrer: { amount: 1 }, friend: { amount: 1 } } : null })}>
            {value.referral && <ReferralFields value={value.referral} onChange={(referral) => set({ referral })} program={program} refused={faults} />}
            {program.settings.referral && <ReferralResults programId={program.id} />}
          </Occasion>
          <Occasion name="birthday" isOn={Boolean(value.birthday)} onToggle={(isOn) => set({ birthday: isOn ? { prize: { amount: 1 } } : null })}>
            {value.birthday && <BirthdayFields value={value.birthday} onChange={(birthday) => set({ birthday })} program={program} refused={faults} />}
          </Occasion>
          <Occasion name="households" isOn={Boolean(value.households)} onToggle={(isOn) => set({ households: isOn ? {} : null })}>
            {value.households && (
              <SimpleGrid cols={{ base: 1, xs: 2 }}>
                <QuantityInput
                  label={t('community.maxMembers')}
                  min={2}
                  max={20}
                  value={value.households.max_members ?? 6}
                  onNumber={(max_members) => set({ households: { ...value.households, max_members } })}
                />
                <MultiSelect
                  label={t('community.pooled')}
                  description={t('community.pooledHint')}
                  data={program.units.map((unit) => ({ value: unit.code, label: unitName(unit, 10) }))}
                  value={value.households.units ?? []}
                  onChange={(units) => set({ households: { ...value.households, units } })}
                />
              </SimpleGrid>
            )}
          </Occasion>
        </Stack>
      </fieldset>
      {canWrite && <SaveBar isDirty={isDirty} pending={save.isPending} onDiscard={() => replace(occasionsOf(program))} />}
    </form>
  );
}

interface OccasionProps {
  readonly name: 'referral' | 'birthday' | 'households';
  readonly isOn: boolean;
  readonly onToggle: (isOn: boolean) => void;
  readonly children: ReactNode;
}

function Occasion({ name, isOn, onToggle, children }: OccasionProps) {
  const { t } = useTranslation('programs');
  return (
    <Card withBorder component="section">
      <Stack>
        <div>
          <Title order={2} size="h5">{t(`community.${name}`)}</Title>
          <Text size="sm" c="dimmed">{t(`community.${name}Hint`)}</Text>
        </div>
        <Switch label={t(`community.${name}On`)} checked={isOn} onChange={({ currentTarget }) => onToggle(currentTarget.checked)} />
        {children}
      </Stack>
    </Card>
  );
}

interface BirthdayFieldsProps {
  readonly value: Schemas['BirthdaySettings'];
  readonly onChange: (value: Schemas['BirthdaySettings']) => void;
  readonly program: Program;
  readonly refused: Refused;
}

function BirthdayFields({ value, onChange, program, refused: faults }: BirthdayFieldsProps) {
  const { t } = useTranslation('programs');
  const set = (change: Partial<typeof value>) => onChange({ ...value, ...change });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <PrizeFields label={t('community.prize')} value={value.prize ?? { amount: 0 }} onChange={(prize) => set({ prize })} program={program} error={faults.at('birthday.prize.amount')} />
      <QuantityInput label={t('community.sendHour')} description={program.time_zone} max={23} value={value.send_hour ?? 9} onNumber={(send_hour) => set({ send_hour })} />
      <Select
        label={t('community.leapDay')}
        data={[{ value: 'feb_28', label: t('community.feb28') }, { value: 'mar_1', label: t('community.mar1') }]}
        value={value.leap_day ?? 'feb_28'}
        allowDeselect={false}
        onChange={(leap) => set({ leap_day: leap === 'mar_1' ? 'mar_1' : 'feb_28' })}
      />
      <QuantityInput label={t('community.settledDays')} description={t('community.settledDaysHint')} max={365} value={value.settled_days ?? 30} onNumber={(settled_days) => set({ settled_days })} />
    </SimpleGrid>
  );
}
