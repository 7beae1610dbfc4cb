import { Button, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { currentLanguage } from '@/lib/i18n';
import { ME } from '@/lib/session';
import { Fault } from '@/ui/Fault';

const CURRENCIES = ['EUR', 'MAD', 'USD', 'GBP', 'CHF', 'TND', 'DZD', 'XOF', 'CAD', 'AED', 'SAR', 'JPY'];

/** A new organization with its owner, who is signed in at once. */
export function OpenOrganizationForm() {
  const { t } = useTranslation('signin');
  const client = useQueryClient();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', owner_name: '', owner_email: '', owner_password: '', currency: 'EUR' },
  });
  const open = useMutation({
    mutationFn: async (values: ReturnType<typeof form.getValues>) => {
      const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      await api.POST('/api/v1/organizations', { body: { ...values, time_zone, language: currentLanguage() } });
      await api.POST('/api/v1/sessions', { body: { email: values.owner_email, password: values.owner_password } });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ME }),
  });
  return (
    <form onSubmit={form.onSubmit((values) => open.mutate(values))}>
      <Stack>
        {open.isError && <Fault fault={open.error} />}
        <TextInput label={t('organizationName')} autoComplete="organization" required {...form.getInputProps('name')} />
        <Select label={t('currency')} data={CURRENCIES} allowDeselect={false} searchable {...form.getInputProps('currency')} />
        <TextInput label={t('yourName')} autoComplete="name" required {...form.getInputProps('owner_name')} />
        <TextInput label={t('email')} type="email" autoComplete="username" required {...form.getInputProps('owner_email')} />
        <PasswordInput
          label={t('password')}
          description={t('passwordHint')}
          autoComplete="new-password"
          minLength={10}
          required
          {...form.getInputProps('owner_password')}
        />
        <Button type="submit" loading={open.isPending}>
          {t('create')}
        </Button>
      </Stack>
    </form>
  );
}
