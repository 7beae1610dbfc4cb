import { ActionIcon, Button, FileButton, Group, Paper, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { IconPhotoPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { whole } from '@/lib/format';
import { OPENED_BYTES, PICTURE_KINDS, type Picture, tooLarge } from '@/lib/pictures';

import type { Design, ImagePlace } from '../model/design';
import { SPOTS, placesOf } from '../model/pictures';
import { IMAGE_KEY } from '../useImages';

import { useDesk } from './desk';
import { Findings } from './Findings';

const Cropper = lazy(() => import('@/ui/Cropper').then((module) => ({ default: module.Cropper })));

const pictured = (design: Design, place: ImagePlace, image: string | null): Design => ({ ...design, images: { ...design.images, [place]: image } });

/** The pictures by their place on the card. */
export function ImagesPanel() {
  const { t } = useTranslation('designer');
  const { design } = useDesk();
  return (
    <Stack gap="sm">
      <Title order={2} size="h6">{t('image.title')}</Title>
      {placesOf(design).map((place) => (
        <ImageSlot key={place} place={place} />
      ))}
    </Stack>
  );
}

function ImageSlot({ place }: { readonly place: ImagePlace }) {
  const { t } = useTranslation('designer');
  const { change, images } = useDesk();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const spot = SPOTS[place];
  const name = t(`image.${place}`);
  const take = (chosen: File | null) => {
    const excess = chosen && tooLarge(chosen, OPENED_BYTES);
    setFault(excess && t('common:pictureTooLarge', excess));
    setFile(excess ? null : chosen);
  };
  const done = (picture: Picture) => {
    client.setQueryData([IMAGE_KEY, picture.id], picture);
    change((now) => pictured(now, place, picture.id));
    setFile(null);
  };
  return (
    <Paper withBorder p="sm" onDragOver={(event) => event.preventDefault()} onDrop={(event) => { event.preventDefault(); take(event.dataTransfer.files[0] ?? null); }}>
      <Group wrap="nowrap" align="center">
        <Paper w={92} h={56} bg="var(--mantine-color-default-hover)" radius="sm" style={{ display: 'grid', placeItems: 'center', overflow: 'hidden', flex: 'none' }}>
          {images[place] ? <img src={images[place]} alt="" style={{ maxWidth: '100%', maxHeight: 56, objectFit: 'contain' }} /> : <IconPhotoPlus size={22} stroke={1.4} aria-hidden />}
        </Paper>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text size="sm" fw={600}>{name}</Text>
          <Text size="xs" c="dimmed">{t(`imageHint.${place}`)}</Text>
          <Text size="xs" c="dimmed" dir="ltr">{`${whole(spot.width)} × ${whole(spot.height)}`}</Text>
        </div>
        <Group gap={4} wrap="nowrap">
          <FileButton onChange={take} accept={PICTURE_KINDS} inputProps={{ 'aria-label': t('image.chooseFor', { name }) }}>
            {(props) => <Button {...props} size="compact-sm" variant="light">{t(images[place] ? 'image.replace' : 'image.choose')}<VisuallyHidden> {name}</VisuallyHidden></Button>}
          </FileButton>
          {images[place] && place !== 'icon' && (
            <ActionIcon variant="subtle" color="gray" aria-label={t('image.remove', { name })} onClick={() => change((now) => pictured(now, place, null))}>
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </Group>
      {fault !== null && <Text size="xs" c="var(--mantine-color-error)" role="alert">{fault}</Text>}
      <Findings path={`images.${place}`} />
      {file && (
        <Suspense fallback={null}>
          <Cropper file={file} spot={spot} name={name} onDone={done} onClose={() => setFile(null)} />
        </Suspense>
      )}
    </Paper>
  );
}
