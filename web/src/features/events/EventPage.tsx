import { Badge, Button, Card, Group, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { type ComponentType, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Routes, useParams } from 'react-router';

import { api, data } from '@/lib/api';
import { instant, percent, whole } from '@/lib/format';
import { useSaving } from '@/lib/saving';
import { useMay, useMe } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { SectionNav } from '@/ui/SectionNav';

import { EditEvent } from './EventEditor';
import { LinksPanel } from './LinksPanel';
import { TicketsPanel } from './TicketsPanel';
import { STATE_COLOURS, type TicketedEvent } from './event';
import { EVENTS, useEvent, useFunnel } from './requests';

type Poster = ComponentType<{ readonly eventId: string; readonly linkId: string }>;

/** One event: its tickets, what it is, and the public way to a ticket. */
export function EventPage({ poster }: { readonly poster: Poster }) {
  const { id = '' } = useParams();
  const event = useEvent(id);
  return <Loaded query={event}>{(known) => <Opened event={known} poster={poster} />}</Loaded>;
}

function Opened({ event, poster }: { readonly event: TicketedEvent; readonly poster: Poster }) {
  const { t } = useTranslation('events');
  const { data: me } = useMe();
  const may = useMay();
  const at = `/events/${event.id}`;
  const sections = [
    { to: at, label: t('tickets.title'), end: true },
    { to: `${at}/plan`, label: t('planned') },
    { to: `${at}/links`, label: t('links.title') },
  ];
  const state = (
    <Group gap="xs">
      <Badge color={STATE_COLOURS[event.state]} variant="light" tt="none">{t(`state.${event.state}`)}</Badge>
      {may('tickets:write') && <StateAction event={event} />}
    </Group>
  );
  return (
    <>
      <BackLink to="/events" label={t('title')} />
      <Page title={event.name} lead={`${instant(event.starts_at, me?.organization.time_zone)} · ${event.venue.name}`} actions={state}>
        <Figures event={event} />
        <SectionNav label={event.name} sections={sections} />
        <Routes>
          <Route index element={<TicketsPanel event={event} />} />
          <Route path="plan" element={<EditEvent event={event} />} />
          <Route path="links" element={<LinksPanel event={event} />} />
          <Route path="links/:linkId/poster" element={<PosterOf event={event} panel={poster} />} />
        </Routes>
      </Page>
    </>
  );
}

function PosterOf({ event, panel: Panel }: { readonly event: TicketedEvent; readonly panel: Poster }) {
  const { linkId = '' } = useParams();
  return (
    <Suspense fallback={<Skeleton h={320} />}>
      <Panel eventId={event.id} linkId={linkId} />
    </Suspense>
  );
}

function Figures({ event }: { readonly event: TicketedEvent }) {
  const { t } = useTranslation('events');
  const added = useFunnel(event.id).data?.added;
  const part = (count: number) => (event.issued > 0 ? ` (${percent(count / event.issued)})` : '');
  const figures = [
    [t('issued'), whole(event.issued)],
    [t('added'), added === undefined ? '…' : whole(added) + part(added)],
    [t('used'), whole(event.used) + part(event.used)],
    [t('left'), event.left === null ? t('unlimited') : whole(event.left)],
  ];
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }}>
      {figures.map(([label, value]) => (
        <Card key={label} withBorder padding="sm">
          <Text size="lg" fw={700}>{value}</Text>
          <Text size="sm" c="dimmed">{label}</Text>
        </Card>
      ))}
    </SimpleGrid>
  );
}

function StateAction({ event }: { readonly event: TicketedEvent }) {
  const { t } = useTranslation('events');
  const [isCancelling, setCancelling] = useState(false);
  const params = { path: { event_id: event.id } };
  const change = useSaving({
    save: async () =>
      event.state === 'published'
        ? data(await api.POST('/api/v1/ticketed-events/{event_id}/cancel', { params }))
        : data(await api.POST('/api/v1/ticketed-events/{event_id}/reinstate', { params })),
    refresh: [EVENTS],
    onSaved: () => setCancelling(false),
  });
  if (event.state === 'cancelled') return <Button loading={change.isPending} onClick={() => change.mutate()}>{t('reinstate')}</Button>;
  return (
    <>
      <Button variant="default" onClick={() => setCancelling(true)}>{t('cancel')}</Button>
      <ConfirmDialog opened={isCancelling} title={t('cancelTitle', { name: event.name })} action={t('cancel')} danger pending={change.isPending} fault={change.error} onClose={() => setCancelling(false)} onConfirm={() => change.mutate()}>
        <Text>{t('cancelLead', { count: event.issued })}</Text>
      </ConfirmDialog>
    </>
  );
}
