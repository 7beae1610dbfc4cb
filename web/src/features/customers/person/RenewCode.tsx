import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { ConfirmDialog } from '@/ui/ConfirmDialog';

import { useWrite } from '../api';

interface RenewCodeProps {
  readonly passId: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Give a card that was copied a new code; all that was shown before dies. */
export function RenewCode({ passId, opened, onClose }: RenewCodeProps) {
  const { t } = useTranslation('customers');
  const renew = useWrite(() => api.POST('/api/v1/passes/{pass_id}/new-code', { params: { path: { pass_id: passId } } }), onClose);
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={t('renew.title')}
      action={t('renew.action')}
      onConfirm={() => renew.mutate(undefined)}
      pending={renew.isPending}
      fault={renew.error}
    >
      <Text size="sm">{t('renew.lead')}</Text>
    </ConfirmDialog>
  );
}
