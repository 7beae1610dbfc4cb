import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { tell } from '@/lib/notify';
import { makePasskey } from '@/lib/passkeys';
import { Fault } from '@/ui/Fault';

import { PASSKEYS } from './Passkeys';

interface Typed {
  name: string;
  password: string;
}

/** A name and the password; the browser then asks for the device's own lock. */
export function AddPasskeyDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('account');
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const form = useForm<Typed>({ mode: 'uncontrolled', initialValues: { name: t('passkeyDefault'), password: '' } });
  const add = useMutation({
    mutationFn: async ({ name, password }: Typed) => {
      const { public_key } = data(await api.POST('/api/v1/me/passkeys/options', { body: { password } }));
      return data(await api.POST('/api/v1/me/passkeys', { body: { name, credential: await makePasskey(public_key) } }));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: PASSKEYS });
      tell(t('passkeyAdded'));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('addPasskey')} centered>
      <form onSubmit={form.onSubmit((values) => add.mutate(values))}>
        <Stack>
          {add.isError && <Fault fault={add.error} />}
          <Text>{t('addPasskeyLead')}</Text>
          <TextInput label={t('passkeyName')} required maxLength={100} {...form.getInputProps('name')} />
          <PasswordInput
            label={t('currentPassword')}
            autoComplete="current-password"
            required
            data-autofocus
            {...form.getInputProps('password')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t('continue')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
