import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { ConfirmDialog } from '@/ui/ConfirmDialog';

import { useWrite } from '../api';

interface RevokeCardProps {
  readonly passId: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Block a card, with the reason that stays in the log. */
export function RevokeCard({ passId, opened, onClose }: RevokeCardProps) {
  const { t } = useTranslation('customers');
  const [reason, setReason] = useState('');
  const revoke = useWrite(
    () => api.POST('/api/v1/passes/{pass_id}/revoke', { params: { path: { pass_id: passId } }, body: { reason: reason.trim() } }),
    onClose,
  );
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={t('revoke.title')}
      action={t('card.block')}
      onConfirm={() => revoke.mutate(undefined)}
      pending={revoke.isPending}
      fault={revoke.error}
      disabled={!reason.trim()}
      danger
    >
      <Text size="sm">{t('revoke.lead')}</Text>
      <TextInput
        label={t('adjust.reason')}
        maxLength={300}
        required
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}
