import { Checkbox, Chip, Fieldset, Group, Input, MultiSelect, SimpleGrid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Refused } from '@/lib/refusals';
import { InstantInput } from '@/ui/InstantInput';

import { AttributesFields } from './AttributesFields';
import { HoursFields } from './HoursFields';
import { CHANNELS, type Conditions, WEEKDAYS } from './kinds';
import { weekdayName } from './phrases';
import type { Words } from './words';

interface ConditionsFieldsProps {
  readonly value: Conditions;
  readonly onChange: (value: Conditions) => void;
  readonly words: Words;
  readonly refused: Refused;
  /** Custom events have neither channel nor first purchase, but attributes. */
  readonly forEvents?: boolean;
  /** Promotions have dates of their own. */
  readonly withoutDates?: boolean;
}

/** When a rule or a promotion applies: everything that is given must hold. */
export function ConditionsFields({ value, onChange, words, refused, forEvents = false, withoutDates = false }: ConditionsFieldsProps) {
  const { t } = useTranslation('earning');
  const set = (change: Partial<Conditions>) => onChange({ ...value, ...change });
  const options = (names: ReadonlyMap<string, string>) => Array.from(names, ([id, label]) => ({ value: id, label }));
  return (
    <Fieldset legend={t('conditions.title')}>
      <Stack>
        <Input.Wrapper label={t('conditions.weekdays')} description={t('conditions.allDays')} labelElement="div" inputWrapperOrder={['label', 'input', 'description', 'error']}>
          <Chip.Group multiple value={value.weekdays ?? []} onChange={(chosen) => set({ weekdays: listOf(WEEKDAYS.filter((day) => chosen.includes(day))) })}>
            <Group gap={6} mb={6} role="group" aria-label={t('conditions.weekdays')}>
              {WEEKDAYS.map((day, at) => (
                <Chip key={day} value={day} size="sm">
                  {weekdayName(at, words, 'short')}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
        <HoursFields value={value.hours ?? []} onChange={(hours) => set({ hours: listOf(hours) })} />
        {words.locations.size > 0 && (
          <MultiSelect
            label={t('conditions.locations')}
            description={t('conditions.allLocations')}
            data={options(words.locations)}
            value={value.locations ?? []}
            onChange={(locations) => set({ locations: listOf(locations) })}
            error={refused.at('conditions.locations')}
            searchable
            clearable
          />
        )}
        {words.tiers.size > 0 && (
          <MultiSelect
            label={t('conditions.tiers')}
            description={t('conditions.allTiers')}
            data={options(words.tiers)}
            value={value.tiers ?? []}
            onChange={(tiers) => set({ tiers: listOf(tiers) })}
            clearable
          />
        )}
        {!withoutDates && (
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <InstantInput label={t('conditions.startsAt')} timeZone={words.timeZone} value={value.starts_at} onChange={(starts_at) => set({ starts_at })} error={refused.at('conditions.starts_at')} />
            <InstantInput label={t('conditions.endsAt')} timeZone={words.timeZone} value={value.ends_at} onChange={(ends_at) => set({ ends_at })} error={refused.at('conditions.ends_at')} />
          </SimpleGrid>
        )}
        {forEvents ? (
          <AttributesFields value={value.attributes ?? []} onChange={(attributes) => set({ attributes: listOf(attributes) })} />
        ) : (
          <>
            <MultiSelect
              label={t('conditions.channels')}
              description={t('conditions.allChannels')}
              data={CHANNELS.map((channel) => ({ value: channel, label: t(`channel.${channel}`) }))}
              value={value.channels ?? []}
              onChange={(chosen) => set({ channels: listOf(CHANNELS.filter((channel) => chosen.includes(channel))) })}
              clearable
            />
            <Checkbox
              label={t('conditions.firstPurchase')}
              checked={value.first_purchase ?? false}
              onChange={({ currentTarget }) => set({ first_purchase: currentTarget.checked })}
            />
          </>
        )}
      </Stack>
    </Fieldset>
  );
}

/** A list that is empty is left out: it would match nothing. */
const listOf = <T,>(items: T[]): T[] | null => (items.length > 0 ? items : null);
