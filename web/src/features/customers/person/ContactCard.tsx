import { ActionIcon, Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconPencil } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { tell } from '@/lib/notify';
import { useMay } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Section } from '@/ui/Section';

import { type Customer, useWrite } from '../api';
import { type Contact, ContactFields, bodyOf, contactOf, faultOf } from './ContactFields';

/** Who the customer is, and a way to correct it. */
export function ContactCard({ customer }: { readonly customer: Customer }) {
  const { t, i18n } = useTranslation('customers');
  const may = useMay();
  const [editing, { open, close }] = useDisclosure();
  const { birthday } = customer;
  const date = birthday && new Date(birthday.year ?? 2000, birthday.month - 1, birthday.day);
  const written = new Intl.DateTimeFormat(i18n.language, { day: 'numeric', month: 'long', ...(birthday?.year ? { year: 'numeric' } : {}) });
  const edit = may('customers:write') && (
    <ActionIcon variant="subtle" aria-label={t('contact.edit')} onClick={open}>
      <IconPencil size={18} aria-hidden />
    </ActionIcon>
  );
  return (
    <Section title={t('contact.title')} actions={edit}>
      <Stack gap={6}>
        <Line label={t('columns.phone')}>{customer.phone && <Anchor href={`tel:${customer.phone}`} dir="ltr">{customer.phone}</Anchor>}</Line>
        <Line label={t('columns.email')}>{customer.email && <Anchor href={`mailto:${customer.email}`} dir="ltr">{customer.email}</Anchor>}</Line>
        <Line label={t('contact.birthday')}>{date && written.format(date)}</Line>
        <Line label={t('columns.language')}>{customer.language && t(`language.${customer.language}`)}</Line>
        <Line label={t('contact.source')}>{t(`source.${customer.source}`)}</Line>
        {customer.segments.length > 0 && <Line label={t('contact.segments')}>{customer.segments.join(', ')}</Line>}
        {Object.entries(customer.attributes).map(([name, value]) => (
          <Line key={name} label={name}>
            {typeof value === 'boolean' ? t(value ? 'yes' : 'no') : String(value)}
          </Line>
        ))}
      </Stack>
      <Modal opened={editing} onClose={close} title={t('contact.edit')} size="lg">
        {editing && <Edit customer={customer} onClose={close} />}
      </Modal>
    </Section>
  );
}

function Line({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm" ta="end" style={{ overflowWrap: 'anywhere' }} component="span">
        {children ?? '—'}
      </Text>
    </Group>
  );
}

function Edit({ customer, onClose }: { readonly customer: Customer; readonly onClose: () => void }) {
  const { t } = useTranslation('customers');
  const form = useForm<Contact>({ initialValues: contactOf(customer) });
  const change = useWrite(
    (contact: Contact) =>
      api.PATCH('/api/v1/customers/{customer_id}', { params: { path: { customer_id: customer.id } }, body: bodyOf(contact) }),
    () => {
      onClose();
      tell(t('common:saved'));
    },
  );
  const submit = (contact: Contact) => change.mutate(contact, { onError: (fault) => form.setErrors(faultOf(fault) ?? {}) });
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack>
        {change.isError && !faultOf(change.error) && <Fault fault={change.error} />}
        <ContactFields form={form} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
