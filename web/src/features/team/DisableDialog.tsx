import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { ConfirmDialog } from '@/ui/ConfirmDialog';

import type { Operator } from './Operators';
import { useChangeOperator } from './change';

/** Letting an operator no longer in, or in again. */
export function DisableDialog({ person, onClose }: { readonly person: Operator; readonly onClose: () => void }) {
  const { t } = useTranslation('team');
  const { t: common } = useTranslation();
  const change = useChangeOperator(person, common('saved'), onClose);
  const verb = person.disabled ? 'enable' : 'disable';
  return (
    <ConfirmDialog
      opened
      title={t(`${verb}Title`, { name: person.name })}
      action={t(verb)}
      onConfirm={() => change.mutate({ disabled: !person.disabled })}
      onClose={onClose}
      pending={change.isPending}
      fault={change.error}
      danger={!person.disabled}
    >
      <Text>{t(`${verb}Lead`)}</Text>
    </ConfirmDialog>
  );
}
