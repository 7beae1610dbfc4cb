import { Button, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';

import { RECEIPTS, type Receipt } from './requests';

/** Books an open receipt for the holder of a card. */
export function Assign({ receipt }: { readonly receipt: Receipt }) {
  const { t } = useTranslation('customers');
  const may = useMay()('scans:write');
  const [opened, setOpened] = useState(false);
  const [card, setCard] = useState('');
  const save = useSaving({
    save: async () => data(await api.POST('/api/v1/receipts/claims', { body: { receipt: receipt.code, card } })),
    refresh: [RECEIPTS, ['customers']],
    onSaved: () => setOpened(false),
  });
  if (!may || receipt.state !== 'open') return <>—</>;
  return (
    <>
      <Button size="xs" variant="light" onClick={() => setOpened(true)}>
        {t('receipts.assign')}
      </Button>
      <ConfirmDialog
        opened={opened}
        title={t('receipts.assignTitle')}
        action={t('receipts.assign')}
        pending={save.isPending}
        fault={save.error}
        disabled={card.trim() === ''}
        onClose={() => setOpened(false)}
        onConfirm={() => save.mutate()}
      >
        <Text size="sm">{t('receipts.assignLead')}</Text>
        <TextInput label={t('receipts.card')} required maxLength={200} dir="ltr" autoComplete="off" value={card} onChange={({ currentTarget }) => setCard(currentTarget.value)} />
      </ConfirmDialog>
    </>
  );
}
