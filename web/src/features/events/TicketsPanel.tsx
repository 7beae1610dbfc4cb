import { Badge, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconDeviceMobile, IconPlus, IconTicket } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useSaving } from '@/lib/saving';
import { useMay, useMe } from '@/lib/session';
import { CardLink } from '@/ui/CardLink';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { CustomerName } from '@/ui/CustomerName';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';

import { IssueTicket } from './IssueTicket';
import { type Ticket, type TicketedEvent, TICKET_COLOURS, seatOf } from './event';
import { EVENTS } from './requests';

const STATES = ['issued', 'used', 'cancelled'] as const;

/** The tickets of an event: issued, shown or sent as a card, cancelled. */
export function TicketsPanel({ event }: { readonly event: TicketedEvent }) {
  const { t } = useTranslation('events');
  const { data: me } = useMe();
  const mayWrite = useMay()('tickets:write');
  const [state, setState] = useState<Ticket['state'] | null>(null);
  const [isIssuing, setIssuing] = useState(false);
  const list = useList([...EVENTS, event.id, 'tickets', state], async (query) =>
    data(await api.GET('/api/v1/tickets', { params: { query: { ...query, event_id: event.id, ...(state ? { state } : {}) } } })),
  );
  const issue = mayWrite && event.state === 'published' && event.left !== 0 && (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setIssuing(true)}>{t('tickets.issue')}</Button>
  );
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Select label={t('field.state')} placeholder={t('all')} clearable data={STATES.map((each) => ({ value: each, label: t(`ticketState.${each}`) }))} value={state} onChange={(chosen) => setState(STATES.find((each) => each === chosen) ?? null)} />
        {issue}
      </Group>
      <Listed list={list} empty={<Empty icon={IconTicket} title={t('tickets.none')} hint={issue ? t('tickets.noneHint') : undefined} />}>
        {(tickets) => (
          <Rows
            label={t('tickets.title')}
            items={tickets}
            keyOf={({ id }) => id}
            columns={[
              { name: t('tickets.ticket'), leads: true, cell: (ticket) => <What ticket={ticket} /> },
              { name: t('tickets.customer'), cell: ({ customer_id: id }) => (id === null ? '—' : <CustomerName id={id} />) },
              { name: t('field.state'), cell: (ticket) => <Badge color={TICKET_COLOURS[ticket.state]} variant="light" tt="none">{t(`ticketState.${ticket.state}`)}</Badge> },
              { name: t('tickets.issuedAt'), cell: (ticket) => instant(ticket.created_at, me?.organization.time_zone) },
              { name: t('tickets.usedAt'), cell: (ticket) => (ticket.used_at ? instant(ticket.used_at, me?.organization.time_zone) : '—') },
              ...(mayWrite ? [{ name: t('tickets.actions'), cell: (ticket: Ticket) => <Actions ticket={ticket} isOn={event.state === 'published'} /> }] : []),
            ]}
          />
        )}
      </Listed>
      {isIssuing && <IssueTicket event={event} onClose={() => setIssuing(false)} />}
    </Stack>
  );
}

function What({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation('events');
  const seat = seatOf(ticket);
  return (
    <div>
      <Text fw={600} size="sm" dir="auto">{ticket.category || t('tickets.one')}</Text>
      {seat !== '' && <Text size="xs" c="dimmed" dir="auto">{seat}</Text>}
    </div>
  );
}

function Actions({ ticket, isOn }: { readonly ticket: Ticket; readonly isOn: boolean }) {
  const { t } = useTranslation('events');
  const [isShown, setShown] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const params = { path: { ticket_id: ticket.id } };
  const cancel = useSaving({
    save: async () => data(await api.POST('/api/v1/tickets/{ticket_id}/cancel', { params })),
    refresh: [EVENTS],
    onSaved: () => setAsking(false),
  });
  if (ticket.state !== 'issued') return null;
  return (
    <Group gap="xs">
      {isOn && <Button size="compact-sm" variant="light" leftSection={<IconDeviceMobile size={16} aria-hidden />} onClick={() => setShown(true)}>{t('common:link.open')}</Button>}
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>{t('tickets.cancel')}</Button>
      <CardLink of={ticket.id} give={async () => data(await api.POST('/api/v1/tickets/{ticket_id}/card', { params }))} opened={isShown} onClose={() => setShown(false)} />
      <ConfirmDialog opened={isAsking} title={t('tickets.cancelTitle')} action={t('tickets.cancelThis')} danger pending={cancel.isPending} fault={cancel.error} onClose={() => setAsking(false)} onConfirm={() => cancel.mutate()}>
        <Text size="sm">{t('tickets.cancelLead')}</Text>
      </ConfirmDialog>
    </Group>
  );
}
