import { Alert, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api } from '@/lib/api';

import { Door } from './Door';
import { SpentLink } from './SpentLink';

/** What stands behind # in the link; browsers send it to nobody. */
export function useLinkToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  return token;
}

/** Choosing a new password by a link that works once. */
export function NewPasswordPage() {
  const { t } = useTranslation('signin');
  const token = useLinkToken();
  const form = useForm({ mode: 'uncontrolled', initialValues: { password: '' } });
  const choose = useMutation({
    mutationFn: async ({ password }: { password: string }) => {
      await api.POST('/api/v1/password-resets/use', { body: { token, password } });
    },
  });
  return (
    <Door title={t('newPassword')}>
      {choose.isSuccess ? (
        <>
          <Alert icon={<IconCheck aria-hidden />} role="status">
            {t('newPasswordDone')}
          </Alert>
          <Button component={Link} to="/">
            {t('submit')}
          </Button>
        </>
      ) : (
        <form onSubmit={form.onSubmit((values) => choose.mutate(values))}>
          <Stack>
            {choose.isError && <SpentLink fault={choose.error} />}
            <Text size="sm">{t('newPasswordLead')}</Text>
            <PasswordInput
              label={t('newPassword')}
              description={t('passwordHint')}
              autoComplete="new-password"
              minLength={10}
              required
              {...form.getInputProps('password')}
            />
            <Button type="submit" loading={choose.isPending}>
              {t('newPasswordSave')}
            </Button>
          </Stack>
        </form>
      )}
    </Door>
  );
}
