import { ActionIcon, Button, Card, Checkbox, ColorInput, Fieldset, Group, Select, SimpleGrid, Stack, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import type { Refused } from '@/lib/refusals';
import { unitName, unitOf } from '@/lib/units';
import { MoneyInput, QuantityInput, UnitsInput } from '@/ui/QuantityInput';
import { TranslatedInput } from '@/ui/TranslatedInput';
import { TimingFields } from '@/ui/earning/TimingFields';

import { type Tier, type Values, hasUnit, newTier } from './tierSet';

type Program = Schemas['ProgramOut'];

interface TierFieldsProps {
  readonly value: Values;
  readonly onChange: (tiers: Tier[]) => void;
  readonly program: Program;
  readonly refused: Refused;
}

/** The tiers, from the lowest up. */
export function TierFields({ value, onChange, program, refused }: TierFieldsProps) {
  const { t } = useTranslation('tiers');
  const { tiers } = value;
  const put = (place: number, change: Partial<Tier>) => onChange(tiers.map((tier, at) => (at === place ? { ...tier, ...change } : tier)));
  return (
    <Fieldset legend={t('tiers')}>
      <Stack>
        {tiers.map((tier, place) => (
          <TierCard key={tier.id ?? `new-${String(place)}`} {...{ tier, place, value, program, refused }} onChange={(change) => put(place, change)} onRemove={() => onChange(tiers.filter((_, at) => at !== place))} />
        ))}
        {tiers.length < 20 && (
          <Button variant="light" style={{ alignSelf: 'flex-start' }} leftSection={<IconPlus size={18} aria-hidden />} onClick={() => onChange([...tiers, newTier(tiers)])}>
            {t('addTier')}
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
}

interface TierCardProps {
  readonly tier: Tier;
  readonly place: number;
  readonly value: Values;
  readonly program: Program;
  readonly refused: Refused;
  readonly onChange: (change: Partial<Tier>) => void;
  readonly onRemove: () => void;
}

function TierCard({ tier, place, value, program, refused, onChange, onRemove }: TierCardProps) {
  const { t } = useTranslation('tiers');
  return (
    <Card withBorder role="group" aria-label={tier.name || t('tierNumber', { number: place + 1 })}>
      <Stack>
        <Group align="flex-start" wrap="nowrap">
          <div style={{ flex: 1 }}>
            <TranslatedInput label={t('tierName')} required value={tier.name} texts={tier.names} onChange={(name, names) => onChange({ name, names })} error={refused.at(`tiers.${String(place)}.name`)} />
          </div>
          <ActionIcon variant="subtle" color="red" size="lg" mt={26} aria-label={t('removeTier', { name: tier.name })} onClick={onRemove}>
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Threshold value={tier.threshold} onNumber={(threshold) => onChange({ threshold })} set={value} program={program} error={refused.at(`tiers.${String(place)}.threshold`)} />
          <ColorInput label={t('colour')} dir="ltr" value={tier.colour ?? ''} onChange={(colour) => onChange({ colour: /^#[0-9a-f]{6}$/i.test(colour) ? colour : null })} eyeDropperButtonProps={{ 'aria-label': t('pick') }} />
        </SimpleGrid>
        <Textarea
          label={t('benefits')}
          description={t('benefitsHint')}
          dir="auto"
          autosize
          minRows={2}
          value={tier.benefits.map(({ text }) => text).join('\n')}
          onChange={({ currentTarget }) => onChange({ benefits: withTexts(tier, currentTarget.value) })}
          onBlur={() => onChange({ benefits: tier.benefits.filter(({ text }) => text.trim() !== '') })}
        />
        <EntryFields tier={tier} onChange={onChange} program={program} />
        <Checkbox label={t('ownTiming')} checked={tier.timing != null} onChange={({ currentTarget }) => onChange({ timing: currentTarget.checked ? {} : null })} />
        {tier.timing && <TimingFields value={tier.timing} onChange={(timing) => onChange({ timing })} />}
        <Checkbox label={t('permanent')} checked={tier.permanent} onChange={({ currentTarget }) => onChange({ permanent: currentTarget.checked })} />
      </Stack>
    </Card>
  );
}

/** One benefit a line; translations stay with the lines that stay as they are. */
function withTexts(tier: Tier, typed: string): Tier['benefits'] {
  if (typed === '') return [];
  return typed.split('\n').slice(0, 20).map((text) => tier.benefits.find((known) => known.text === text) ?? { text });
}

interface ThresholdProps {
  readonly value: number;
  readonly onNumber: (value: number) => void;
  readonly set: Values;
  readonly program: Program;
  readonly error: string | undefined;
}

function Threshold({ set, program, ...input }: ThresholdProps) {
  const { t } = useTranslation('tiers');
  const label = t(`threshold.${set.basis}`);
  if (set.basis === 'spend') return <MoneyInput {...input} label={label} currency={program.currency} />;
  if (!hasUnit(set.basis)) return <QuantityInput {...input} label={label} />;
  const unit = unitOf(program.units, set.unit);
  return <UnitsInput {...input} label={label} unit={unit} />;
}

function EntryFields({ tier, onChange, program }: Pick<TierCardProps, 'tier' | 'onChange' | 'program'>) {
  const { t } = useTranslation('tiers');
  const rewards = useQuery({
    queryKey: ['rewards', program.id, 'all'],
    queryFn: async () => data(await api.GET('/api/v1/rewards', { params: { query: { program_id: program.id, limit: 200 } } })).items,
  });
  const unit = unitOf(program.units, tier.entry_units?.unit);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {unit && (
        <UnitsInput
          label={t('entryUnits', { units: unitName(unit, 10) })}
          unit={unit}
          min={1}
          value={tier.entry_units?.amount}
          onChange={(amount) => onChange({ entry_units: amount === null ? null : { unit: unit.code, amount } })}
        />
      )}
      <Select
        label={t('entryReward')}
        clearable
        data={rewards.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={tier.entry_reward_id}
        onChange={(entry_reward_id) => onChange({ entry_reward_id })}
      />
    </SimpleGrid>
  );
}
