import { Alert, Button, FileInput, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { Problem, api, data } from '@/lib/api';
import { Fault } from '@/ui/Fault';

import { Findings } from './Findings';
import { WALLETS } from './requests';
import { MAX_BYTES, base64 } from './files';

/** Findings that a password may answer: a .p12 may be given where a .cer is expected. */
const ASK_PASSWORD = ['passphrase_missing', 'passphrase_wrong'];

interface CertificateUploadProps {
  readonly kind: 'certificate' | 'p12';
  readonly onClose: () => void;
}

/** Files are examined by the server, which explains every fault and uses them at once when they are good. */
export function CertificateUpload({ kind, onClose }: CertificateUploadProps) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const form = useForm<{ file: File | null; password: string }>({
    initialValues: { file: null, password: '' },
    validate: { file: (file) => (file ? null : t('fileMissing')) },
  });
  const examine = useMutation({
    mutationFn: async ({ file, password }: { file: File | null; password: string }) => {
      if (!file || file.size > MAX_BYTES) throw new Problem(0, 'file_too_large', t('fileTooLarge'));
      const files = [await base64(file)];
      return data(await api.POST('/api/v1/wallets/apple/certificate', { body: { files, ...(password ? { password } : {}) } }));
    },
    onSuccess: (examined) => (examined.accepted ? client.invalidateQueries({ queryKey: WALLETS }) : undefined),
  });
  const examined = examine.data;
  if (examined?.accepted) {
    return (
      <Stack py="sm">
        <Alert color="teal" icon={<IconCheck aria-hidden />} role="status">
          {t('apple.accepted')}
        </Alert>
        <Findings findings={examined.findings} />
        <Group>
          <Button onClick={onClose}>{common('close')}</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={form.onSubmit((typed) => examine.mutate(typed))}>
      <Stack py="sm">
        {examine.isError && <Fault fault={examine.error} />}
        {examined && <Findings findings={examined.findings} title={t('apple.refused')} />}
        <FileInput
          label={t(kind === 'p12' ? 'apple.p12File' : 'apple.cerFile')}
          placeholder={t('chooseFile')}
          accept={kind === 'p12' ? '.p12,.pfx,.pem' : '.cer,.pem,.crt,.p12'}
          required
          clearable
          {...form.getInputProps('file')}
        />
        {(kind === 'p12' || examined?.findings.some(({ code }) => ASK_PASSWORD.includes(code))) && (
          <PasswordInput label={t('apple.p12Password')} autoComplete="off" {...form.getInputProps('password')} />
        )}
        <Group>
          <Button type="submit" loading={examine.isPending}>
            {t('apple.examine')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
