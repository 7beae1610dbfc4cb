import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { tell } from '@/lib/notify';
import { ConfirmDialog } from '@/ui/ConfirmDialog';

import { OPERATORS, type Operator } from './Operators';

/** Helping somebody who lost phone and recovery codes. */
export function TakeOffDialog({ person, onClose }: { readonly person: Operator; readonly onClose: () => void }) {
  const { t } = useTranslation('team');
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const takeOff = useMutation({
    mutationFn: async () => {
      await api.DELETE('/api/v1/operators/{operator_id}/second-factor', { params: { path: { operator_id: person.id } } });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: OPERATORS });
      tell(common('saved'));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t('takeOffTitle', { name: person.name })}
      action={t('takeOff')}
      onConfirm={() => takeOff.mutate()}
      onClose={onClose}
      pending={takeOff.isPending}
      fault={takeOff.error}
      danger
    >
      <Text>{t('takeOffLead')}</Text>
    </ConfirmDialog>
  );
}
