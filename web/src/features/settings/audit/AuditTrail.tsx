import { Button, Group, Select, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { usePages } from '@/lib/pages';
import { useMay } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Loaded } from '@/ui/Loaded';
import { MorePages } from '@/ui/MorePages';
import { Section } from '@/ui/Section';

import { Entry } from './Entry';
import { NOUNS, nounText } from './sentences';
import { useActors } from './actors';
import { startOf } from './days';

interface Filters {
  about: string | null;
  actor: string | null;
  from: string;
  to: string;
}

const NONE: Filters = { about: null, actor: null, from: '', to: '' };

/** Who did what, newest first, in words. */
export function AuditTrail({ timeZone }: { readonly timeZone: string }) {
  const { t } = useTranslation('settings');
  const may = useMay();
  const [filters, setFilters] = useState<Filters>(NONE);
  const actors = useActors();
  const set = (change: Partial<Filters>) => setFilters({ ...filters, ...change });
  const events = usePages(['events', filters, timeZone], async (cursor) => {
    const query = {
      ...(filters.about ? { about: filters.about } : {}),
      ...(filters.actor ? { actor: filters.actor } : {}),
      ...(filters.from ? { from: startOf(filters.from, timeZone, 0) } : {}),
      ...(filters.to ? { to: startOf(filters.to, timeZone, 1) } : {}),
      ...(cursor ? { cursor } : {}),
    };
    return data(await api.GET('/api/v1/events', { params: { query } }));
  });
  const filtered = filters !== NONE;
  return (
    <Section title={t('tab.audit')} lead={t('audit.lead')}>
      <Group align="flex-end" component="search">
        <Select
          label={t('audit.about')}
          placeholder={t('audit.everything')}
          data={NOUNS.map((noun) => ({ value: noun, label: nounText(t, noun) })).sort((a, b) => a.label.localeCompare(b.label))}
          value={filters.about}
          onChange={(about) => set({ about })}
          searchable
          clearable
          style={{ flex: '1 1 11rem' }}
        />
        {may('operators:read') && (
          <Select
            label={t('audit.actor')}
            placeholder={t('audit.everybody')}
            data={actors}
            value={filters.actor}
            onChange={(actor) => set({ actor })}
            searchable
            clearable
            style={{ flex: '1 1 11rem' }}
          />
        )}
        <TextInput type="date" label={t('audit.from')} value={filters.from} onChange={({ currentTarget }) => set({ from: currentTarget.value })} />
        <TextInput type="date" label={t('audit.to')} value={filters.to} onChange={({ currentTarget }) => set({ to: currentTarget.value })} />
        {filtered && (
          <Button variant="subtle" onClick={() => setFilters(NONE)}>
            {t('audit.clear')}
          </Button>
        )}
      </Group>
      <Loaded query={events}>
        {(entries) =>
          entries.length === 0 ? (
            <Empty icon={IconHistory} title={t('audit.none')} hint={t('audit.noneHint')} />
          ) : (
            <>
              <VisuallyHidden role="status">{t('audit.shown', { count: entries.length })}</VisuallyHidden>
              <Stack component="ol" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
                {entries.map((event) => (
                  <Entry key={event.id} event={event} timeZone={timeZone} />
                ))}
              </Stack>
            </>
          )
        }
      </Loaded>
      <MorePages query={events} />
      <Text size="xs" c="dimmed">
        {t('audit.foot', { zone: timeZone })}
      </Text>
    </Section>
  );
}
