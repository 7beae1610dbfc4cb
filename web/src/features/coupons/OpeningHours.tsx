import { ActionIcon, Button, Chip, Group, Input, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { weekdayName } from '@/ui/earning/phrases';
import type { Words } from '@/ui/earning/words';

import type { Terms } from './campaign';

type Hours = Terms['conditions']['hours'][number];
const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;

interface OpeningHoursProps {
  readonly value: readonly Hours[];
  readonly onChange: (hours: Hours[]) => void;
  readonly words: Words;
}

/** Hours of the week in which a code is taken; without any, always. */
export function OpeningHours({ value, onChange, words }: OpeningHoursProps) {
  const { t } = useTranslation('coupons');
  const put = (place: number, change: Partial<Hours>) => onChange(value.map((hours, at) => (at === place ? { ...hours, ...change } : hours)));
  return (
    <Input.Wrapper label={words.t('conditions.hours')} labelElement="div">
      <Stack gap="sm">
        {value.map((hours, place) => (
          <Group key={place} gap="xs" align="flex-end">
            <Chip.Group multiple value={(hours.days ?? [...DAYS]).map(String)} onChange={(days) => days.length > 0 && put(place, { days: days.map(Number).sort() })}>
              <Group gap={4} role="group" aria-label={words.t('conditions.weekdays')}>
                {DAYS.map((day) => (
                  <Chip key={day} value={String(day)} size="xs">{weekdayName(day - 1, words, 'short')}</Chip>
                ))}
              </Group>
            </Chip.Group>
            <TextInput type="time" required withAsterisk={false} label={words.t('conditions.from')} value={hours.opens} onChange={({ currentTarget }) => put(place, { opens: currentTarget.value })} />
            <TextInput type="time" required withAsterisk={false} label={words.t('conditions.to')} value={hours.closes} onChange={({ currentTarget }) => put(place, { closes: currentTarget.value })} />
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.t('conditions.removeHours')} onClick={() => onChange(value.filter((_, at) => at !== place))}>
              <IconX size={18} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        {value.length < 28 && (
          <Button variant="light" size="compact-sm" style={{ alignSelf: 'flex-start' }} leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...value, { days: [...DAYS], opens: '14:00', closes: '17:00' }])}>
            {t('addHours')}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
