import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconPhotoPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { Fault } from '@/ui/Fault';

import { coloursOfFile } from '../model/logoColours';
import styles from '../welcome.module.css';

interface LogoPickerProps {
  /** Address of the picture. */
  readonly logo: string | undefined;
  /** Told the digest of the kept picture and the colours that it is known by. */
  readonly onChange: (logo: string | null, colours: readonly string[]) => void;
}

const KINDS = 'image/png,image/jpeg,image/webp';
const MOST_BYTES = 5_000_000;
const DIGEST = /([0-9a-f]{64})\.png$/;

/** A logo, chosen or dropped; its colours become the brand's. */
export function LogoPicker({ logo, onChange }: LogoPickerProps) {
  const { t } = useTranslation('welcome');
  const [isOver, setOver] = useState(false);
  const upload = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > MOST_BYTES) throw new Error(t('shop.logoTooLarge', { megabytes: Math.ceil(file.size / 1e6), limit: MOST_BYTES / 1e6 }));
      const kept = data(
        await api.POST('/api/v1/images', {
          body: file as unknown as string,
          bodySerializer: (body: unknown) => body as BodyInit,
          headers: { 'Content-Type': file.type },
        }),
      );
      return { digest: DIGEST.exec(kept.url)?.[1] ?? null, colours: await coloursOfFile(file) };
    },
    onSuccess: ({ digest, colours }) => onChange(digest, colours),
  });
  const take = (file: File | null | undefined) => file && upload.mutate(file);
  return (
    <Stack gap="xs">
      <Text fw={500} size="sm">{t('shop.logo')}</Text>
      <div
        className={styles.logo}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files[0]);
        }}
      >
        <div className={styles.logoBox}>{logo ? <img src={logo} alt={t('shop.logo')} /> : <IconPhotoPlus size={28} stroke={1.4} aria-hidden />}</div>
        <Stack gap={6} align="flex-start">
          <Text size="sm" c="dimmed">{t('shop.logoHint')}</Text>
          <Group gap="xs">
            <FileButton onChange={take} accept={KINDS}>
              {(props) => <Button {...props} size="xs" variant="light" loading={upload.isPending}>{t(logo ? 'shop.logoReplace' : 'shop.logoChoose')}</Button>}
            </FileButton>
            {logo && <Button size="xs" variant="subtle" color="gray" onClick={() => onChange(null, [])}>{t('common:remove')}</Button>}
          </Group>
        </Stack>
      </div>
      {upload.isError && <Fault fault={upload.error} />}
    </Stack>
  );
}
