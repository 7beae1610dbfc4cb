import { Button, Group, Popover, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconCalendar } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { addDays, shortDay, today } from '@/lib/days';

import { CHOICES, type Choice, type Filters, MAX_DAYS, isPeriod, periodOf } from './period';

interface FilterBarProps {
  readonly filters: Filters;
  readonly timeZone: string;
  readonly onChange: (filters: Filters) => void;
}

/** Which days, which place, which program. */
export function FilterBar({ filters, timeZone, onChange }: FilterBarProps) {
  const { t } = useTranslation('home');
  const locations = useQuery({
    queryKey: ['locations', 'all'],
    queryFn: async () => data(await api.GET('/api/v1/locations', { params: { query: { limit: 200 } } })).items,
  });
  const programs = useQuery({
    queryKey: ['programs', 'all'],
    queryFn: async () => data(await api.GET('/api/v1/programs', { params: { query: { limit: 200 } } })).items,
  });
  const choose = (choice: Choice) => onChange({ ...filters, choice, period: periodOf(choice, timeZone) });
  return (
    <Group gap="sm">
      <SegmentedControl
        aria-label={t('period')}
        value={filters.choice}
        onChange={choose}
        data={CHOICES.map((choice) => ({ value: choice, label: t(`choice.${choice}`) }))}
      />
      {filters.choice === 'custom' && (
        <CustomPeriod filters={filters} timeZone={timeZone} onChange={onChange} key={`${filters.period.from} ${filters.period.to}`} />
      )}
      <Choose
        label={t('location')}
        all={t('everywhere')}
        items={locations.data ?? []}
        value={filters.location}
        onChange={(location) => onChange({ ...filters, location })}
      />
      <Choose
        label={t('program')}
        all={t('allPrograms')}
        items={programs.data ?? []}
        value={filters.program}
        onChange={(program) => onChange({ ...filters, program })}
      />
    </Group>
  );
}

interface ChooseProps {
  readonly label: string;
  readonly all: string;
  readonly items: readonly { readonly id: string; readonly name: string }[];
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
}

/** One of several; where there is no choice, it is not offered. */
function Choose({ label, all, items, value, onChange }: ChooseProps) {
  if (items.length < 2 && !value) return null;
  return (
    <Select
      aria-label={label}
      placeholder={all}
      clearable
      searchable={items.length > 8}
      value={value}
      onChange={onChange}
      data={items.map(({ id, name }) => ({ value: id, label: name }))}
      w={220}
    />
  );
}

function CustomPeriod({ filters, timeZone, onChange }: FilterBarProps) {
  const { t } = useTranslation('home');
  const [opened, { toggle, close }] = useDisclosure(false);
  const [from, setFrom] = useState(filters.period.from);
  const [last, setLast] = useState(addDays(filters.period.to, -1));
  const typed = { from, to: last ? addDays(last, 1) : '' };
  const isFine = isPeriod(typed);
  const { from: first, to } = filters.period;
  return (
    <Popover opened={opened} onChange={toggle} trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={<IconCalendar size={16} aria-hidden />} onClick={toggle}>
          {shortDay(first)} – {shortDay(addDays(to, -1))}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <TextInput type="date" label={t('firstDay')} value={from} max={last} onChange={(event) => setFrom(event.currentTarget.value)} />
          <TextInput
            type="date"
            label={t('lastDay')}
            value={last}
            max={today(timeZone)}
            error={isFine ? null : t('periodRefused', { days: MAX_DAYS })}
            onChange={(event) => setLast(event.currentTarget.value)}
          />
          <Button
            disabled={!isFine}
            onClick={() => {
              close();
              onChange({ ...filters, period: typed });
            }}
          >
            {t('show')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
