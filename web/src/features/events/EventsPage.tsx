import { Anchor, Badge, Button, Group, Stack, Switch, Text } from '@mantine/core';
import { IconCalendarEvent, IconPlus } from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes } from 'react-router';

import { api, data } from '@/lib/api';
import { instant, whole } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useMay, useMe } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Page } from '@/ui/Page';
import { Rows } from '@/ui/Rows';

import { NewEvent } from './EventEditor';
import { EventPage } from './EventPage';
import { STATE_COLOURS } from './event';
import { EVENTS } from './requests';

export interface PosterProps {
  readonly eventId: string;
  readonly linkId: string;
}

/** Events, their tickets, and who came in; `poster` designs that of a public link. */
export function EventsPage({ poster }: { readonly poster: ComponentType<PosterProps> }) {
  return (
    <Routes>
      <Route index element={<EventList />} />
      <Route path="new" element={<NewEvent />} />
      <Route path=":id/*" element={<EventPage poster={poster} />} />
    </Routes>
  );
}

function EventList() {
  const { t } = useTranslation('events');
  const { data: me } = useMe();
  const may = useMay();
  const [coming, setComing] = useState(true);
  const list = useList([...EVENTS, 'list', coming], async (query) => data(await api.GET('/api/v1/ticketed-events', { params: { query: { ...query, coming } } })));
  const add = may('tickets:write') && (
    <Button component={Link} to="/events/new" leftSection={<IconPlus size={18} aria-hidden />}>{t('add')}</Button>
  );
  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <Stack>
        <Group>
          <Switch label={t('coming')} checked={coming} onChange={({ currentTarget }) => setComing(currentTarget.checked)} />
        </Group>
        <Listed list={list} empty={<Empty icon={IconCalendarEvent} title={t('none')} hint={t('noneHint')} action={add} />}>
          {(events) => (
            <Rows
              label={t('title')}
              items={events}
              keyOf={({ id }) => id}
              columns={[
                { name: t('field.name'), leads: true, cell: (event) => <Anchor component={Link} to={`/events/${event.id}`} fw={600} dir="auto">{event.name}</Anchor> },
                { name: t('field.startsAt'), cell: (event) => instant(event.starts_at, me?.organization.time_zone) },
                { name: t('field.place'), cell: (event) => <Text size="sm" dir="auto">{event.venue.name}</Text> },
                { name: t('field.state'), cell: (event) => <Badge color={STATE_COLOURS[event.state]} variant="light" tt="none">{t(`state.${event.state}`)}</Badge> },
                { name: t('tickets.title'), numeric: true, cell: (event) => (event.capacity === null ? whole(event.issued) : t('ofCapacity', { issued: whole(event.issued), capacity: whole(event.capacity) })) },
              ]}
            />
          )}
        </Listed>
      </Stack>
    </Page>
  );
}
