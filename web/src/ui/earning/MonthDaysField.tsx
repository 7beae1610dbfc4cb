import { ActionIcon, Button, Group, Input, Select, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { QuantityInput } from '@/ui/QuantityInput';

import { monthName } from './phrases';

const MOST = 20;
const MONTHS = Array.from({ length: 12 }, (_, at) => at + 1);

interface MonthDaysFieldProps {
  /** Days of each year as MM-DD. */
  readonly value: readonly string[];
  readonly onChange: (value: string[]) => void;
}

/** Days of each year, at least one. */
export function MonthDaysField({ value, onChange }: MonthDaysFieldProps) {
  const { t, i18n } = useTranslation('earning');
  const months = MONTHS.map((month) => ({ value: written(month), label: monthName(month, i18n) }));
  const put = (place: number, date: string) => onChange(value.map((each, at) => (at === place ? date : each)));
  const free = MONTHS.map((month) => `${written(month)}-01`).find((date) => !value.includes(date));
  return (
    <Input.Wrapper label={t('timing.dates')} labelElement="div">
      <Stack gap="xs" align="flex-start">
        {value.map((date, place) => {
          const month = date.slice(0, 2);
          const last = lastDay(Number(month));
          return (
            <Group key={place} gap="xs" align="flex-start" wrap="nowrap">
              <QuantityInput w={80} label={t('timing.day')} min={1} max={last} value={Number(date.slice(3))} onNumber={(day) => put(place, `${month}-${written(day)}`)} />
              <Select
                w={150}
                label={t('timing.month')}
                data={months}
                value={month}
                allowDeselect={false}
                error={value.indexOf(date) < place ? t('timing.twice') : undefined}
                onChange={(chosen) => chosen && put(place, `${chosen}-${written(Math.min(Number(date.slice(3)), lastDay(Number(chosen))))}`)}
              />
              {value.length > 1 && (
                <ActionIcon mt={25} variant="subtle" color="gray" size="lg" aria-label={t('timing.removeDay')} onClick={() => onChange(value.filter((_, at) => at !== place))}>
                  <IconX size={18} aria-hidden />
                </ActionIcon>
              )}
            </Group>
          );
        })}
        {value.length < MOST && free && (
          <Button variant="light" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...value, free])}>
            {t('timing.addDay')}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}

const written = (number: number): string => String(number).padStart(2, '0');

/** Of a leap year: 29 February is a day, and means the 28th in other years. */
const lastDay = (month: number): number => new Date(Date.UTC(2024, month, 0)).getUTCDate();
