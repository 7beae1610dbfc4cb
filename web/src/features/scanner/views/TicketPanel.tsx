import { Button, Stack, Text } from '@mantine/core';
import { IconTicket } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { instant } from '@/lib/format';

import { admit, letOut } from '../counter/admitting';
import type { Booked, Scanned } from '../counter/booking';
import type { Ticket } from '../counter/cards';
import { useTill } from '../till/context';
import { Refusal } from './BookPanel';
import { NotNow } from './NotNow';
import { UsePanel } from './UsePanel';
import classes from './scanner.module.css';
import { useBooking } from './useBooking';

interface TicketPanelProps {
  readonly code: string;
  readonly ticket: Ticket;
  readonly onBooked: (booked: Booked, scanned: Scanned) => void;
  readonly onClose: () => void;
}

/** A ticket at the gate: for what and where it is good, and one thing to do. */
export function TicketPanel({ code, ticket, onBooked, onClose }: TicketPanelProps) {
  const { t } = useTranslation('scanner');
  return (
    <UsePanel icon={IconTicket} title={t('ticket.title')} name={ticket.event_name} facts={<Facts ticket={ticket} />} onClose={onClose}>
      {ticket.may.includes('admit') || ticket.may.includes('check_out') ? (
        <Pass code={code} ticket={ticket} onBooked={onBooked} />
      ) : (
        <WhyNot ticket={ticket} onClose={onClose} />
      )}
    </UsePanel>
  );
}

function Facts({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation('scanner');
  const { who } = useTill();
  const place = [
    ['section', ticket.section],
    ['row', ticket.row],
    ['seat', ticket.seat],
  ] as const;
  return (
    <Stack gap={4}>
      {ticket.category !== '' && <Text fz="2rem" fw={700} lh={1.15}><bdi>{ticket.category}</bdi></Text>}
      {ticket.seat + ticket.row + ticket.section !== '' && (
        <Text fz="xl" fw={600}>
          {place.filter(([, value]) => value !== '').map(([name, value]) => t(`ticket.${name}`, { value })).join(' · ')}
        </Text>
      )}
      <Text>{instant(ticket.starts_at, who.organization.time_zone)}</Text>
      <Text c="dimmed"><bdi>{ticket.venue}</bdi></Text>
    </Stack>
  );
}

function WhyNot({ ticket, onClose }: Pick<TicketPanelProps, 'ticket' | 'onClose'>) {
  const { t } = useTranslation('scanner');
  const { who } = useTill();
  const at = (moment: string | null) => (moment === null ? '' : instant(moment, who.organization.time_zone));
  const { entry } = ticket;
  const values = { when: at(entry === 'used' ? ticket.used_at : entry === 'over' ? ticket.closes_at : ticket.opens_at), place: ticket.used_place ?? '' };
  const why = t(entry === 'admit' ? 'ticket.mayNot' : `ticket.not.${entry}`, values);
  return <NotNow colour={entry === 'admit' || entry === 'too_early' ? 'yellow' : 'red'} why={why} onNext={onClose} />;
}

/** In, or out for a while where the event lets in again. */
function Pass({ code, ticket, onBooked }: Omit<TicketPanelProps, 'onClose'>) {
  const { t } = useTranslation('scanner');
  const { counter, who } = useTill();
  const [id] = useState(() => crypto.randomUUID());
  const scanned: Scanned = { code, membershipId: null, who: ticket.category, currency: who.organization.currency };
  const { busy, problem, book } = useBooking((booked) => onBooked(booked, scanned));
  const isIn = !ticket.may.includes('admit');
  const work = isIn ? letOut : admit;
  return (
    <Stack gap="sm" flex={1} justify="flex-end">
      {isIn && <Text>{t('ticket.isIn')}</Text>}
      <div className={classes.foot}>
        <Refusal problem={problem} />
        <Button size="xl" loading={busy} onClick={() => book(() => work(counter, scanned, id, ticket.event_name))}>
          {t(isIn ? 'ticket.checkOut' : 'ticket.admit')}
        </Button>
      </div>
    </Stack>
  );
}
