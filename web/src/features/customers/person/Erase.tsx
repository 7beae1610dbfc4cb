import { Alert, Button, Group, List, Modal, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api } from '@/lib/api';
import { Fault } from '@/ui/Fault';

import { type Entry, nameOf, useWrite } from '../api';

interface EraseProps {
  readonly entry: Entry;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Forget somebody for good; what is to be typed keeps a hand that slipped from doing it. */
export function Erase({ entry, opened, onClose }: EraseProps) {
  const { t } = useTranslation('customers');
  return (
    <Modal opened={opened} onClose={onClose} title={t('erase.title')}>
      {opened && <Confirm entry={entry} onClose={onClose} />}
    </Modal>
  );
}

const plain = (text: string) => text.trim().replace(/\s+/g, ' ').toLocaleLowerCase();

function Confirm({ entry, onClose }: Omit<EraseProps, 'opened'>) {
  const { t } = useTranslation('customers');
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const word = nameOf(entry.customer) || t('erase.word');
  const erase = useWrite(
    () => api.POST('/api/v1/customers/{customer_id}/erase', { params: { path: { customer_id: entry.id } } }),
    () => {
      notifications.show({ message: t('erase.done') });
      void navigate('..', { relative: 'path' });
    },
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        erase.mutate(undefined);
      }}
    >
      <Stack>
        {erase.isError && <Fault fault={erase.error} />}
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />}>
          {t('erase.lead')}
        </Alert>
        <List size="sm">
          {['gone', 'cards', 'books'].map((what) => (
            <List.Item key={what}>{t(`erase.${what}`)}</List.Item>
          ))}
        </List>
        <TextInput
          label={t('erase.type', { word })}
          autoComplete="off"
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" color="red" disabled={plain(typed) !== plain(word)} loading={erase.isPending}>
            {t('erase.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
