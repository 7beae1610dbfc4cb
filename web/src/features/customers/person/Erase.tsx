import { Alert, List, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api } from '@/lib/api';
import { tell } from '@/lib/notify';
import { ConfirmDialog } from '@/ui/ConfirmDialog';

import { type Entry, nameOf, useWrite } from '../api';

interface EraseProps {
  readonly entry: Entry;
  readonly opened: boolean;
  readonly onClose: () => void;
}

const plain = (text: string) => text.trim().replace(/\s+/g, ' ').toLocaleLowerCase();

/** Forget somebody for good; what is to be typed keeps a hand that slipped from doing it. */
export function Erase({ entry, opened, onClose }: EraseProps) {
  const { t } = useTranslation('customers');
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const word = nameOf(entry.customer) || t('erase.word');
  const erase = useWrite(
    () => api.POST('/api/v1/customers/{customer_id}/erase', { params: { path: { customer_id: entry.id } } }),
    () => {
      tell(t('erase.done'));
      void navigate('..', { relative: 'path' });
    },
  );
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={t('erase.title')}
      action={t('erase.submit')}
      onConfirm={() => erase.mutate(undefined)}
      pending={erase.isPending}
      fault={erase.error}
      disabled={plain(typed) !== plain(word)}
      danger
    >
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
    </ConfirmDialog>
  );
}
