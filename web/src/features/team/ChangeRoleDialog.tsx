import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ConfirmDialog } from '@/ui/ConfirmDialog';

import type { Operator } from './Operators';
import { type Role, RolePicker } from './RolePicker';
import { useChangeOperator } from './change';

/** Another role for an operator. */
export function ChangeRoleDialog({ person, onClose }: { readonly person: Operator; readonly onClose: () => void }) {
  const { t } = useTranslation('team');
  const { t: common } = useTranslation();
  const [role, setRole] = useState<Role>(person.role);
  const change = useChangeOperator(person, common('saved'), onClose);
  return (
    <ConfirmDialog
      opened
      title={t('roleOf', { name: person.name })}
      action={common('save')}
      onConfirm={() => change.mutate({ role })}
      onClose={onClose}
      pending={change.isPending}
      fault={change.error}
      disabled={role === person.role}
    >
      <RolePicker value={role} onChange={setRole} />
    </ConfirmDialog>
  );
}
