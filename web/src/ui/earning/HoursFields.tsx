import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Conditions } from './kinds';

type Span = NonNullable<Conditions['hours']>[number];

interface HoursFieldsProps {
  readonly value: readonly Span[];
  readonly onChange: (value: Span[]) => void;
}

/** Hours of the day, in the programme's time zone. */
export function HoursFields({ value, onChange }: HoursFieldsProps) {
  const { t } = useTranslation('earning');
  const put = (place: number, change: Partial<Span>) => onChange(value.map((span, at) => (at === place ? { ...span, ...change } : span)));
  return (
    <Input.Wrapper label={t('conditions.hours')} labelElement="div" description={value.length > 0 ? t('conditions.hoursHint') : undefined}>
      <Stack gap="xs" align="flex-start">
        {value.map((span, place) => (
          <Group key={place} gap="xs" align="flex-end" wrap="nowrap">
            <TextInput type="time" size="sm" required withAsterisk={false} label={t('conditions.from')} value={span.from} onChange={({ currentTarget }) => put(place, { from: currentTarget.value })} />
            <TextInput type="time" size="sm" required withAsterisk={false} label={t('conditions.to')} value={span.to} onChange={({ currentTarget }) => put(place, { to: currentTarget.value })} />
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('conditions.removeHours')} onClick={() => onChange(value.filter((_, at) => at !== place))}>
              <IconX size={18} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        {value.length < 10 && (
          <Button variant="light" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...value, { from: '14:00', to: '17:00' }])}>
            {t('conditions.addHours')}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
