import { Button, Collapse, Group, Indicator, Paper, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { usePrograms } from '../api';
import type { useFilters } from './filters';

interface FilterBarProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly filters: ReturnType<typeof useFilters>;
}

const VISITS = ['within-7', 'within-30', 'not-30', 'not-90'];

/** One box for phone, e-mail, name or card, and filters behind a button. */
export function FilterBar({ text, onText, filters }: FilterBarProps) {
  const { t } = useTranslation('customers');
  const [opened, { toggle }] = useDisclosure(filters.count > 0);
  return (
    <>
      <Group gap="sm" wrap="nowrap" align="flex-end">
        <TextInput
          flex={1}
          type="search"
          label={t('search.label')}
          placeholder={t('search.placeholder')}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={text}
          maxLength={254}
          onChange={(event) => onText(event.currentTarget.value)}
        />
        <Indicator label={filters.count} size={18} disabled={filters.count === 0}>
          <Button
            variant="default"
            leftSection={<IconAdjustmentsHorizontal size={18} aria-hidden />}
            aria-expanded={opened}
            onClick={toggle}
          >
            {t('filters.title')}
          </Button>
        </Indicator>
      </Group>
      <Collapse expanded={opened}>
        <Filters filters={filters} />
      </Collapse>
    </>
  );
}

function Filters({ filters: { chosen, choose, clear, count } }: { readonly filters: FilterBarProps['filters'] }) {
  const { t } = useTranslation('customers');
  const { data: programs } = usePrograms();
  const select = (name: 'program' | 'card' | 'consent' | 'visit', choices: { value: string; label: string }[]) => (
    <Select
      label={t(`filters.${name}`)}
      placeholder={t('filters.any')}
      data={choices}
      value={chosen[name]}
      clearable
      onChange={(value) => choose(name, value)}
    />
  );
  return (
    <Paper withBorder p="md">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
        {select('program', (programs?.items ?? []).map((program) => ({ value: program.id, label: program.name })))}
        {select('card', ['yes', 'no'].map((value) => ({ value, label: t(`filters.cards.${value}`) })))}
        {select('consent', ['email', 'sms', 'whatsapp', 'push'].map((value) => ({ value, label: t(`channel.${value}`) })))}
        {select('visit', VISITS.map((value) => ({ value, label: t(`filters.visits.${value}`) })))}
        <TextInput
          type="date"
          label={t('filters.from')}
          value={chosen.from ?? ''}
          onChange={(event) => choose('from', event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('filters.to')}
          value={chosen.to ?? ''}
          onChange={(event) => choose('to', event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('filters.endsFrom')}
          value={chosen.endsFrom ?? ''}
          onChange={(event) => choose('endsFrom', event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('filters.endsTo')}
          value={chosen.endsTo ?? ''}
          onChange={(event) => choose('endsTo', event.currentTarget.value)}
        />
      </SimpleGrid>
      {count > 0 && (
        <Button mt="sm" size="compact-sm" variant="subtle" onClick={clear}>
          {t('filters.clear')}
        </Button>
      )}
    </Paper>
  );
}
