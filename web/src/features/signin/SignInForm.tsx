import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { ME } from '@/lib/session';
import { Fault } from '@/ui/Fault';

interface SignInFormProps {
  readonly onDone?: () => void;
}

/** E-mail and password; whoever is signed in afterwards sees the page that was asked for. */
export function SignInForm({ onDone }: SignInFormProps) {
  const { t } = useTranslation('signin');
  const client = useQueryClient();
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '', password: '' } });
  const signIn = useMutation({
    mutationFn: async (values: { email: string; password: string }) => {
      await api.POST('/api/v1/sessions', { body: values });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ME });
      onDone?.();
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
      <Stack>
        {signIn.isError && <Fault fault={signIn.error} />}
        <TextInput label={t('email')} type="email" autoComplete="username" required {...form.getInputProps('email')} />
        <PasswordInput label={t('password')} autoComplete="current-password" required {...form.getInputProps('password')} />
        <Button type="submit" loading={signIn.isPending}>
          {t('submit')}
        </Button>
      </Stack>
    </form>
  );
}
