import { Button, FileButton, Group, Image, Stack, Text, TextInput } from '@mantine/core';
import { IconPhotoPlus } from '@tabler/icons-react';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { PictureSpot } from '@/lib/crop';
import { OPENED_BYTES, PICTURE_KINDS, keptPicture, tooLarge } from '@/lib/pictures';
import { useMay } from '@/lib/session';

const Cropper = lazy(() => import('@/ui/Cropper').then((module) => ({ default: module.Cropper })));
/** No page shows it wider than 180 pixels, on whatever phone. */
const SPOT: PictureSpot = { width: 600, height: 400, shape: 'wide', safe: { width: 0.9, height: 0.9 } };

interface PictureFieldProps {
  readonly value: string | null;
  readonly onChange: (address: string | null) => void;
  readonly error: string | undefined;
}

/** The picture of a reward: uploaded and cropped here, or by the address under which it is on the web already. */
export function PictureField({ value, onChange, error }: PictureFieldProps) {
  const { t } = useTranslation('rewards');
  const may = useMay();
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [isByAddress, setByAddress] = useState(value !== null && keptPicture(value) === null);
  const take = (chosen: File | null) => {
    const excess = chosen && tooLarge(chosen, OPENED_BYTES);
    setFault(excess && t('common:pictureTooLarge', excess));
    setFile(excess ? null : chosen);
  };
  const path = keptPicture(value);
  const isUploaded = path !== null;
  return (
    <Stack gap={6} role="group" aria-label={t('field.picture')} onDragOver={(event) => event.preventDefault()} onDrop={(event) => { event.preventDefault(); take(event.dataTransfer.files[0] ?? null); }}>
      <Text size="sm" fw={500}>{t('field.picture')}</Text>
      {isUploaded && <Image src={path} alt={t('field.picture')} w={180} h={120} radius="sm" fit="cover" />}
      <Group gap="xs">
        {may('programs:write') && (
          <FileButton onChange={take} accept={PICTURE_KINDS} inputProps={{ 'aria-label': t('picture.choose') }}>
            {(props) => (
              <Button {...props} size="xs" variant="default" leftSection={<IconPhotoPlus size={16} aria-hidden />}>
                {t(isUploaded ? 'picture.replace' : 'picture.choose')}
              </Button>
            )}
          </FileButton>
        )}
        {isUploaded && <Button size="xs" variant="subtle" onClick={() => onChange(null)}>{t('picture.remove')}</Button>}
        {!isUploaded && !isByAddress && <Button size="xs" variant="subtle" onClick={() => setByAddress(true)}>{t('picture.byAddress')}</Button>}
      </Group>
      {fault !== null && <Text size="xs" c="var(--mantine-color-error)" role="alert">{fault}</Text>}
      {!isUploaded && (isByAddress || error !== undefined) && (
        <TextInput label={t('field.image')} description={t('field.imageHint')} type="url" dir="ltr" value={value ?? ''} onChange={({ currentTarget }) => onChange(currentTarget.value || null)} error={error} />
      )}
      {file && (
        <Suspense fallback={null}>
          <Cropper
            file={file}
            spot={SPOT}
            name={t('field.picture')}
            onDone={({ url }) => {
              onChange(url);
              setFile(null);
            }}
            onClose={() => setFile(null)}
          />
        </Suspense>
      )}
    </Stack>
  );
}
