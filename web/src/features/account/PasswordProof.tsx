import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { Fault } from '@/ui/Fault';

interface PasswordProofProps {
  readonly lead: string;
  readonly action: string;
  readonly pending: boolean;
  readonly fault: unknown;
  readonly danger?: boolean;
  readonly onProof: (password: string) => void;
  readonly onCancel: () => void;
}

/** The own password once more, for what a borrowed browser must not be able to do. */
export function PasswordProof({ lead, action, pending, fault, danger = false, onProof, onCancel }: PasswordProofProps) {
  const { t } = useTranslation('account');
  const { t: common } = useTranslation();
  const form = useForm({ mode: 'uncontrolled', initialValues: { password: '' } });
  return (
    <form onSubmit={form.onSubmit(({ password }) => onProof(password))}>
      <Stack>
        {fault !== null && fault !== undefined && <Fault fault={fault} />}
        <Text>{lead}</Text>
        <PasswordInput
          label={t('currentPassword')}
          autoComplete="current-password"
          required
          data-autofocus
          {...form.getInputProps('password')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {common('cancel')}
          </Button>
          <Button type="submit" loading={pending} {...(danger ? { color: 'red' } : {})}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
