import { Alert, Button, Checkbox, Group, Paper, Select, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { useMay } from '@/lib/session';
import { Fault } from '@/ui/Fault';

import { usePrograms, useWrite } from '../api';
import { ColumnMapping } from './ColumnMapping';
import type { Import, Plan } from './imports';
import { type Choices, choicesOf, faultOfMapping, planOf } from './plan';

/** What the columns of a file are, and what is to become of its rows. */
export function Mapping({ found, onDone }: { readonly found: Import; readonly onDone: () => void }) {
  const { t } = useTranslation('customers');
  const [choices, setChoices] = useState(() => choicesOf(found));
  const change = (changes: Partial<Choices>) => setChoices((before) => ({ ...before, ...changes }));
  const fault = faultOfMapping(choices);
  const check = useWrite(
    (plan: Plan) => api.POST('/api/v1/customer-imports/{import_id}/check', { params: { path: { import_id: found.id } }, body: plan }),
    onDone,
  );
  return (
    <Stack gap="lg">
      {check.isError && <Fault fault={check.error} />}
      <Stack gap="xs" component="section" aria-label={t('map.columns')}>
        <Title order={2} size="h4">
          {t('map.columns')}
        </Title>
        {found.columns.map((title, column) => (
          <ColumnMapping
            key={column}
            title={title || t('map.column', { number: column + 1 })}
            examples={found.sample.map((cells) => cells[column] ?? '').filter(Boolean).slice(0, 3)}
            choice={choices.columns[column] ?? { field: null, attribute: '', type: 'text' }}
            onChange={(choice) => change({ columns: choices.columns.map((one, place) => (place === column ? choice : one)) })}
          />
        ))}
      </Stack>
      <Options choices={choices} onChange={change} />
      {fault && <Alert color="orange">{t(`map.fault.${fault}`)}</Alert>}
      <Group>
        <Button disabled={fault !== null} loading={check.isPending} onClick={() => check.mutate(planOf(choices))}>
          {t('map.check')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('map.checkHint')}
        </Text>
      </Group>
    </Stack>
  );
}

interface OptionsProps {
  readonly choices: Choices;
  readonly onChange: (changes: Partial<Choices>) => void;
}

function Options({ choices, onChange }: OptionsProps) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const { data: programs } = usePrograms();
  const running = (programs?.items ?? []).filter((program) => program.state === 'active');
  const units = running.find((program) => program.id === choices.program)?.units ?? [];
  const hasBalance = choices.columns.some((one) => one.field === 'balance');
  const hasBirthday = choices.columns.some((one) => one.field === 'birthday');
  return (
    <Paper withBorder p="md" component="section" aria-label={t('map.options')}>
      <Stack>
        <Title order={2} size="h4">
          {t('map.options')}
        </Title>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t('map.known')}
            data={(['fill', 'replace', 'keep'] as const).map((value) => ({ value, label: t(`map.knowns.${value}`) }))}
            value={choices.known}
            allowDeselect={false}
            onChange={(known) => known && onChange({ known })}
          />
          <Select
            label={t('map.program')}
            description={hasBalance && choices.program === null ? t('map.balanceHint') : undefined}
            placeholder={t('map.noProgram')}
            data={running.map((program) => ({ value: program.id, label: program.name }))}
            value={choices.program}
            clearable
            onChange={(program) => onChange({ program, unit: null })}
          />
          {hasBalance && units.length > 1 && (
            <Select
              label={t('map.unit')}
              data={units.map((unit) => unit.code)}
              value={choices.unit}
              onChange={(unit) => onChange({ unit })}
            />
          )}
        </SimpleGrid>
        {choices.program !== null && may('passes:write') && (
          <Checkbox
            label={t('map.cards')}
            checked={choices.issueCards}
            onChange={(event) => onChange({ issueCards: event.currentTarget.checked })}
          />
        )}
        {hasBirthday && (
          <Switch
            label={t('map.dayFirst')}
            checked={choices.dayFirst}
            onChange={(event) => onChange({ dayFirst: event.currentTarget.checked })}
          />
        )}
      </Stack>
    </Paper>
  );
}
