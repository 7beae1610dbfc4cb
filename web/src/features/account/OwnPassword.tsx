import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { tell } from '@/lib/notify';
import { Fault } from '@/ui/Fault';
import { Section } from '@/ui/Section';

import { SESSIONS } from './Sessions';

/** Another password, with the present one as proof. */
export function OwnPassword() {
  const { t } = useTranslation('account');
  const client = useQueryClient();
  const form = useForm({ mode: 'uncontrolled', initialValues: { current: '', new: '' } });
  const change = useMutation({
    mutationFn: async (body: { current: string; new: string }) => {
      await api.POST('/api/v1/me/password', { body });
    },
    onSuccess: async () => {
      form.reset();
      await client.invalidateQueries({ queryKey: SESSIONS });
      tell(t('passwordChanged'));
    },
  });
  return (
    <Section title={t('password')} lead={t('passwordLead')}>
      <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack maw={360}>
          {change.isError && <Fault fault={change.error} />}
          <PasswordInput
            label={t('currentPassword')}
            autoComplete="current-password"
            required
            key={form.key('current')}
            {...form.getInputProps('current')}
          />
          <PasswordInput
            label={t('newPassword')}
            description={t('passwordHint')}
            autoComplete="new-password"
            minLength={10}
            required
            key={form.key('new')}
            {...form.getInputProps('new')}
          />
          <Group>
            <Button type="submit" variant="default" loading={change.isPending}>
              {t('changePassword')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
