import { Radio, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';

export type Role = Schemas['OperatorOut']['role'];
export const ROLES: readonly Role[] = ['cashier', 'manager', 'analyst', 'owner'];

interface RolePickerProps {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

/** A role, each with what it may do. */
export function RolePicker({ value, onChange }: RolePickerProps) {
  const { t } = useTranslation('team');
  return (
    <Radio.Group
      label={t('role')}
      value={value}
      onChange={(chosen) => {
        const role = ROLES.find((known) => known === chosen);
        if (role) onChange(role);
      }}
    >
      <Stack gap="sm" mt="xs">
        {ROLES.map((role) => (
          <Radio key={role} value={role} label={t(`roles.${role}.name`)} description={t(`roles.${role}.may`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
