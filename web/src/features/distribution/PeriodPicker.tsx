import { Group, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { addDays, daysBetween, isDay } from '@/lib/days';
import { useMe } from '@/lib/session';

import { CHOICES, type Chosen, MOST_DAYS, chosenOf } from './period';

/** The period that the address of the page names, by days of the organization. */
export function usePeriod(): Chosen {
  const [search] = useSearchParams();
  return chosenOf(search, useMe().data?.organization.time_zone ?? 'UTC');
}

/** Usual periods, and a first and a last day of one's own; the choice stands in the address. */
export function PeriodPicker() {
  const { t } = useTranslation('distribution');
  const { choice, period } = usePeriod();
  const [, setSearch] = useSearchParams();
  const change = (values: Readonly<Record<'days' | 'from' | 'to', string | null>>) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(values)) {
          if (value === null) after.delete(name);
          else after.set(name, value);
        }
        return after;
      },
      { replace: true },
    );
  return (
    <Group gap="sm" align="flex-start">
      <SegmentedControl
        aria-label={t('period.label')}
        styles={{ label: { paddingInline: 'clamp(4px, 1.6vw, 12px)' } }}
        value={choice}
        onChange={(days) => change(days === 'own' ? { days: null, ...period } : { days, from: null, to: null })}
        data={[...CHOICES, 'own' as const].map((days) => ({ value: days, label: t(`period.${days}`) }))}
      />
      {choice === 'own' && <Days key={`${period.from}${period.to}`} first={period.from} last={addDays(period.to, -1)} onChange={(first, last) => change({ days: null, from: first, to: addDays(last, 1) })} />}
    </Group>
  );
}

interface DaysProps {
  readonly first: string;
  readonly last: string;
  readonly onChange: (first: string, last: string) => void;
}

/** Both days count. What is typed counts once both are days in their order. */
function Days({ first, last, onChange }: DaysProps) {
  const { t } = useTranslation('distribution');
  const [typed, setTyped] = useState({ first, last });
  const fault = faultOf(typed.first, typed.last);
  const set = (part: Partial<typeof typed>) => {
    const days = { ...typed, ...part };
    setTyped(days);
    if (faultOf(days.first, days.last) === null) onChange(days.first, days.last);
  };
  return (
    <Group gap="sm" align="flex-start">
      <TextInput type="date" aria-label={t('period.first')} max={typed.last} value={typed.first} onChange={({ currentTarget }) => set({ first: currentTarget.value })} />
      <TextInput type="date" aria-label={t('period.last')} min={typed.first} value={typed.last} error={fault && t(`period.${fault}`, { count: MOST_DAYS })} onChange={({ currentTarget }) => set({ last: currentTarget.value })} />
    </Group>
  );
}

function faultOf(first: string, last: string): 'noDay' | 'turned' | 'tooLong' | null {
  if (!isDay(first) || !isDay(last)) return 'noDay';
  if (last < first) return 'turned';
  return daysBetween(first, last) + 1 > MOST_DAYS ? 'tooLong' : null;
}
