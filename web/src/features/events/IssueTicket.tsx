import { Button, Group, Modal, SimpleGrid, Skeleton, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMay, useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { GivenLink } from '@/ui/GivenLink';

import { CustomerPicker } from './CustomerPicker';
import type { TicketedEvent } from './event';
import { EVENTS } from './requests';

interface IssueTicketProps {
  readonly event: TicketedEvent;
  readonly onClose: () => void;
}

/** Issues a ticket, and shows its card at once: to be scanned from the screen, or sent. */
export function IssueTicket({ event, onClose }: IssueTicketProps) {
  const { t } = useTranslation('events');
  const { value, set, replace } = useDraft(NOTHING);
  const issue = useSaving({
    save: async () => data(await api.POST('/api/v1/tickets', { body: { event_id: event.id, ...value } })),
    refresh: [EVENTS],
    told: t('tickets.done'),
  });
  const next = () => {
    issue.reset();
    replace({ ...value, customer_id: null, seat: '' });
  };
  return (
    <Modal opened onClose={onClose} title={t('tickets.issue')}>
      {issue.data ? <Issued ticket={issue.data} onNext={next} onClose={onClose} /> : <Form value={value} set={set} pending={issue.isPending} fault={issue.error} onSubmit={() => issue.mutate()} />}
    </Modal>
  );
}

interface Typed {
  readonly customer_id: string | null;
  readonly category: string;
  readonly section: string;
  readonly row: string;
  readonly seat: string;
}

const NOTHING: Typed = { customer_id: null, category: '', section: '', row: '', seat: '' };

interface FormProps {
  readonly value: Typed;
  readonly set: (change: Partial<Typed>) => void;
  readonly pending: boolean;
  readonly fault: unknown;
  readonly onSubmit: () => void;
}

function Form({ value, set, pending, fault, onSubmit }: FormProps) {
  const { t } = useTranslation('events');
  const may = useMay();
  const faults = refused(fault, { seat_taken: 'seat', customer_not_found: 'customer_id', customer_erased: 'customer_id' });
  return (
    <form
      onSubmit={(submitted) => {
        submitted.preventDefault();
        onSubmit();
      }}
    >
      <Stack>
        {faults.above !== null && <Fault fault={faults.above} />}
        {may('customers:read') && <CustomerPicker value={value.customer_id} onChange={(customer_id) => set({ customer_id })} error={faults.at('customer_id')} />}
        <TextInput label={t('tickets.category')} placeholder={t('tickets.categoryExample')} maxLength={40} dir="auto" data-autofocus value={value.category} onChange={({ currentTarget }) => set({ category: currentTarget.value })} />
        <SimpleGrid cols={3}>
          {(['section', 'row', 'seat'] as const).map((part) => (
            <TextInput key={part} label={t(`tickets.${part}`)} maxLength={40} dir="auto" value={value[part]} onChange={({ currentTarget }) => set({ [part]: currentTarget.value })} error={faults.at(part)} />
          ))}
        </SimpleGrid>
        <Group justify="flex-end">
          <Button type="submit" loading={pending}>{t('tickets.issue')}</Button>
        </Group>
      </Stack>
    </form>
  );
}

interface IssuedProps {
  readonly ticket: Schemas['TicketIssuedOut'];
  readonly onNext: () => void;
  readonly onClose: () => void;
}

function Issued({ ticket, onNext, onClose }: IssuedProps) {
  const { t } = useTranslation('events');
  const { data: me } = useMe();
  const card = useQuery({
    queryKey: ['card-link', ticket.id],
    gcTime: 0,
    staleTime: Infinity,
    queryFn: async () => data(await api.POST('/api/v1/tickets/{ticket_id}/card', { params: { path: { ticket_id: ticket.id } } })),
  });
  return (
    <Stack>
      {card.isError && <Fault fault={card.error} retry={() => void card.refetch()} />}
      {card.data ? (
        <GivenLink
          url={card.data.url}
          picture={card.data.qr_svg}
          message={t('common:link.message', { shop: me?.organization.name ?? '', url: card.data.url })}
          lead={t('common:link.lead')}
          note={t('tickets.secret')}
        />
      ) : (
        <Skeleton h={320} />
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onNext}>{t('tickets.another')}</Button>
        <Button onClick={onClose}>{t('common:close')}</Button>
      </Group>
    </Stack>
  );
}
