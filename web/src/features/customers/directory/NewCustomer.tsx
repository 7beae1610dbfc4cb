import { Button, Group, Modal, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api, data } from '@/lib/api';
import { tell } from '@/lib/notify';
import { Fault } from '@/ui/Fault';

import { useWrite } from '../api';
import { type Contact, ContactFields, bodyOf, contactOf, faultOf } from '../person/ContactFields';

interface NewCustomerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Somebody new; whoever has this phone or e-mail already is shown instead. */
export function NewCustomer({ opened, onClose }: NewCustomerProps) {
  const { t } = useTranslation('customers');
  return (
    <Modal opened={opened} onClose={onClose} title={t('add.title')} size="lg">
      {opened && <Form onClose={onClose} />}
    </Modal>
  );
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('customers');
  const navigate = useNavigate();
  const form = useForm<Contact>({ initialValues: contactOf() });
  const add = useWrite(
    async (contact: Contact) => data(await api.POST('/api/v1/customers', { body: { ...bodyOf(contact), source: 'till' } as never })),
    (registered) => {
      onClose();
      tell(t(registered.created ? 'add.done' : 'add.known'));
      void navigate(registered.id);
    },
  );
  const submit = (contact: Contact) => add.mutate(contact, { onError: (fault) => form.setErrors(faultOf(fault) ?? {}) });
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack>
        {add.isError && !faultOf(add.error) && <Fault fault={add.error} />}
        <ContactFields form={form} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {t('add.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
