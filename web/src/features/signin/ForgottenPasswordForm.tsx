import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { IconMailCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { Fault } from '@/ui/Fault';

interface ForgottenPasswordFormProps {
  /** Whether this server can mail; otherwise a colleague makes the link. */
  readonly mails: boolean;
}

/** A way to a new password, without telling whether anybody has this e-mail. */
export function ForgottenPasswordForm({ mails }: ForgottenPasswordFormProps) {
  const { t } = useTranslation('signin');
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '' } });
  const ask = useMutation({
    mutationFn: async (body: { email: string }) => {
      await api.POST('/api/v1/password-resets', { body });
    },
  });
  if (!mails) return <Text>{t('forgottenByColleague')}</Text>;
  if (ask.isSuccess) {
    return (
      <Alert icon={<IconMailCheck aria-hidden />} role="status">
        {t('forgottenSent')}
      </Alert>
    );
  }
  return (
    <form onSubmit={form.onSubmit((values) => ask.mutate(values))}>
      <Stack>
        {ask.isError && <Fault fault={ask.error} />}
        <Text size="sm">{t('forgottenLead')}</Text>
        <TextInput label={t('email')} type="email" autoComplete="username" required {...form.getInputProps('email')} />
        <Button type="submit" loading={ask.isPending}>
          {t('forgottenSend')}
        </Button>
      </Stack>
    </form>
  );
}
