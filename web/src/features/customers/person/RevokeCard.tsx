import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { Fault } from '@/ui/Fault';

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
    <Modal opened={opened} onClose={onClose} title={t('revoke.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          revoke.mutate(undefined);
        }}
      >
        <Stack>
          {revoke.isError && <Fault fault={revoke.error} />}
          <Text size="sm">{t('revoke.lead')}</Text>
          <TextInput
            label={t('adjust.reason')}
            maxLength={300}
            required
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" color="red" loading={revoke.isPending} disabled={!reason.trim()}>
              {t('card.block')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
