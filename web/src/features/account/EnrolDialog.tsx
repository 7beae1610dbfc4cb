import { Button, Center, Code, Group, Image, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { Fault } from '@/ui/Fault';
import { ShownOnce } from '@/ui/ShownOnce';

import { PasswordProof } from './PasswordProof';
import { SECOND_FACTOR } from './SecondFactor';

/** Three steps: the password, the authenticator app with a first code, the recovery codes. */
export function EnrolDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('account');
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const form = useForm({ mode: 'uncontrolled', initialValues: { code: '' } });
  const begin = useMutation({
    mutationFn: async (password: string) => data(await api.POST('/api/v1/me/second-factor', { body: { password } })),
  });
  const confirm = useMutation({
    mutationFn: async (body: { code: string }) => data(await api.POST('/api/v1/me/second-factor/confirm', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: SECOND_FACTOR }),
  });
  const begun = begin.data;
  if (confirm.data) {
    return (
      <Modal opened onClose={onClose} title={t('codes')} centered closeOnClickOutside={false}>
        <Stack>
          <ShownOnce label={t('codes')} hint={t('codesHint')} secret={confirm.data.recovery_codes.join('\n')} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('codesKept')}</Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={t('turnOn')} centered closeOnClickOutside={!begun}>
      {begun ? (
        <form onSubmit={form.onSubmit((values) => confirm.mutate(values))}>
          <Stack>
            {confirm.isError && <Fault fault={confirm.error} />}
            <Text>{t('scanLead')}</Text>
            <Center>
              <Image src={begun.qr} alt={t('qr')} w={220} h={220} bg="white" radius="md" />
            </Center>
            <Text size="sm">
              {t('secret')}{' '}
              <Code dir="ltr" style={{ overflowWrap: 'anywhere' }} data-testid="secret">
                {begun.secret}
              </Code>
            </Text>
            <TextInput
              label={t('firstCode')}
              autoComplete="one-time-code"
              inputMode="numeric"
              dir="ltr"
              required
              data-autofocus
              {...form.getInputProps('code')}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {common('cancel')}
              </Button>
              <Button type="submit" loading={confirm.isPending}>
                {t('confirm')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <PasswordProof
          lead={t('enrolLead')}
          action={t('continue')}
          pending={begin.isPending}
          fault={begin.error}
          onProof={(password) => begin.mutate(password)}
          onCancel={onClose}
        />
      )}
    </Modal>
  );
}
