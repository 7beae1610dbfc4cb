import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api, data } from '@/lib/api';
import { ME } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';

import { Door } from './Door';
import { useLinkToken } from './NewPasswordPage';
import { SpentLink } from './SpentLink';

/** Beginning to work somewhere, by a link that works once. */
export function InvitationPage() {
  const { t } = useTranslation('signin');
  const token = useLinkToken();
  const client = useQueryClient();
  const navigate = useNavigate();
  const invitation = useQuery({
    queryKey: ['invitation', token],
    staleTime: Infinity,
    queryFn: async () => data(await api.POST('/api/v1/invitations/read', { body: { token } })),
  });
  const form = useForm({ mode: 'uncontrolled', initialValues: { name: '', password: '' } });
  const accept = useMutation({
    mutationFn: async (values: { name: string; password: string }) => {
      await api.POST('/api/v1/invitations/accept', { body: { token, ...values } });
    },
    onSuccess: async () => {
      await navigate('/', { replace: true });
      await client.invalidateQueries({ queryKey: ME });
    },
  });
  return (
    <Door title={t('invitation')}>
      {invitation.isError && <SpentLink fault={invitation.error} retry={() => void invitation.refetch()} />}
      {!invitation.isError && (
        <Loaded query={invitation}>
          {({ organization_name, email, role }) => (
            <form onSubmit={form.onSubmit((values) => accept.mutate(values))}>
              <Stack>
                {accept.isError && <Fault fault={accept.error} />}
                <Text>{t('invitationLead', { organization: organization_name, role: t(`role.${role}`) })}</Text>
                <TextInput label={t('email')} value={email} readOnly autoComplete="username" />
                <TextInput label={t('yourName')} autoComplete="name" required {...form.getInputProps('name')} />
                <PasswordInput
                  label={t('password')}
                  description={t('passwordHint')}
                  autoComplete="new-password"
                  minLength={10}
                  required
                  {...form.getInputProps('password')}
                />
                <Button type="submit" loading={accept.isPending}>
                  {t('invitationAccept')}
                </Button>
              </Stack>
            </form>
          )}
        </Loaded>
      )}
    </Door>
  );
}
