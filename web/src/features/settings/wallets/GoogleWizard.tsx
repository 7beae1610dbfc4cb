import { Alert, Button, FileInput, Group, List, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { Problem, api, data } from '@/lib/api';
import { Fault } from '@/ui/Fault';

import { Findings } from './Findings';
import { WALLETS } from './requests';

const MAX_BYTES = 32_768;
const STEPS = ['google.step1', 'google.step2', 'google.step3', 'google.step4'] as const;

interface Typed {
  file: File | null;
  issuer_id: string;
}

/** A service account and an issuer, tried with Google before they are used. */
export function GoogleWizard({ issuer, onClose }: { readonly issuer: string; readonly onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const form = useForm<Typed>({
    initialValues: { file: null, issuer_id: issuer },
    validate: { file: (file) => (file ? null : t('fileMissing')) },
  });
  const examine = useMutation({
    mutationFn: async ({ file, issuer_id }: Typed) => {
      if (!file || file.size > MAX_BYTES) throw new Problem(0, 'file_too_large', t('fileTooLarge'));
      const account = await file.text();
      return data(await api.PUT('/api/v1/wallets/google', { body: { account, issuer_id: issuer_id.trim() } }));
    },
    onSuccess: (examined) => (examined.accepted ? client.invalidateQueries({ queryKey: WALLETS }) : undefined),
  });
  const examined = examine.data;
  return (
    <Modal opened onClose={onClose} title={t('google.wizard')} size="lg" closeOnClickOutside={false}>
      {examined?.accepted ? (
        <Stack>
          <Alert color="teal" icon={<IconCheck aria-hidden />} role="status">
            {t('google.accepted')}
          </Alert>
          <Group justify="flex-end">
            <Button onClick={onClose}>{common('close')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={form.onSubmit((typed) => examine.mutate(typed))}>
          <Stack>
            {examine.isError && <Fault fault={examine.error} />}
            {examined && <Findings findings={examined.findings} title={t('google.refused')} />}
            <List type="ordered" size="sm" spacing="xs">
              {STEPS.map((step) => (
                <List.Item key={step}>{t(step)}</List.Item>
              ))}
            </List>
            <TextInput
              label={t('google.issuer')}
              inputMode="numeric"
              dir="ltr"
              required
              maxLength={30}
              {...form.getInputProps('issuer_id')}
            />
            <FileInput
              label={t('google.file')}
              placeholder={t('chooseFile')}
              accept=".json,application/json"
              required
              clearable
              {...form.getInputProps('file')}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {common('cancel')}
              </Button>
              <Button type="submit" loading={examine.isPending}>
                {t('google.try')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
