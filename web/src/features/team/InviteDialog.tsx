import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconMailCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant } from '@/lib/format';
import { useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { ShownOnce } from '@/ui/ShownOnce';

import { INVITATIONS } from './Invitations';
import { type Role, RolePicker } from './RolePicker';

/** Somebody new: the link is shown here, and mailed where the server can. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('team');
  const { t: common } = useTranslation();
  const { data: me } = useMe();
  const client = useQueryClient();
  const [role, setRole] = useState<Role>('cashier');
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '' } });
  const invite = useMutation({
    mutationFn: async ({ email }: { email: string }) =>
      data(await api.POST('/api/v1/invitations', { body: { email, role } })),
    onSuccess: () => client.invalidateQueries({ queryKey: INVITATIONS }),
  });
  const made = invite.data;
  return (
    <Modal opened onClose={onClose} title={t('inviteTitle')} centered>
      {made ? (
        <Stack>
          {made.mailed && (
            <Alert icon={<IconMailCheck aria-hidden />} role="status">
              {t('mailed', { email: made.email })}
            </Alert>
          )}
          <ShownOnce
            label={t('inviteLink')}
            hint={t('linkHint', { name: made.email, until: instant(made.expires_at, me?.organization.time_zone) })}
            secret={made.url}
          />
          <Group justify="flex-end">
            <Button onClick={onClose}>{common('close')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={form.onSubmit((values) => invite.mutate(values))}>
          <Stack>
            {invite.isError && <Fault fault={invite.error} />}
            <TextInput label={t('email')} type="email" required data-autofocus {...form.getInputProps('email')} />
            <RolePicker value={role} onChange={setRole} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {common('cancel')}
              </Button>
              <Button type="submit" loading={invite.isPending}>
                {t('inviteMake')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
