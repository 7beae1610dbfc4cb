import { ActionIcon, Button, Loader, Menu, Stack, Text } from '@mantine/core';
import { IconBulb, IconBulbFilled, IconCamera, IconCameraOff, IconCameraRotate, IconQrcode } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { useCamera } from '../input/useCamera';
import { prefer, usePreferences } from '../till/preferences';
import classes from './scanner.module.css';

interface ViewfinderProps {
  readonly onCode: (code: string) => void;
}

/** The camera, when it is wanted here; it is remembered whether it is. */
export function Viewfinder({ onCode }: ViewfinderProps) {
  const { t } = useTranslation('scanner');
  const { camera } = usePreferences();
  return (
    <div className={classes.finder}>
      {camera ? (
        <Running onCode={onCode} />
      ) : (
        <Stack align="center" gap="md" p="md">
          <IconQrcode size={72} stroke={1.2} aria-hidden />
          <Button variant="white" color="dark" size="md" leftSection={<IconCamera aria-hidden />} onClick={() => prefer({ camera: true })}>
            {t('camera.start')}
          </Button>
        </Stack>
      )}
    </div>
  );
}

function Running({ onCode }: ViewfinderProps) {
  const { t } = useTranslation('scanner');
  const video = useRef<HTMLVideoElement>(null);
  const { cameraId } = usePreferences();
  const { state, cameras, torch, switchTorch } = useCamera(video, cameraId, onCode);
  const runs = state === 'running' || state === 'starting';
  return (
    <>
      <video ref={video} muted playsInline hidden={!runs} aria-label={t('camera.aim')} />
      {state === 'running' && <div className={classes.frame} />}
      {state === 'starting' && (
        <Stack align="center" gap="xs">
          <Loader color="white" />
          <Text>{t('camera.starting')}</Text>
        </Stack>
      )}
      {!runs && (
        <Stack align="center" gap="xs" p="lg" maw={420} ta="center" role="alert">
          <IconCameraOff size={48} stroke={1.4} aria-hidden />
          <Text>{t(`camera.${state}`)}</Text>
        </Stack>
      )}
      <div className={classes.finderTools}>
        {torch !== null && (
          <ActionIcon variant="white" color="dark" size={44} radius="xl" aria-pressed={torch} aria-label={t('camera.torch')} onClick={switchTorch}>
            {torch ? <IconBulbFilled aria-hidden /> : <IconBulb aria-hidden />}
          </ActionIcon>
        )}
        {cameras.length > 1 && <CameraMenu cameras={cameras} />}
        <ActionIcon variant="white" color="dark" size={44} radius="xl" aria-label={t('camera.stop')} onClick={() => prefer({ camera: false })}>
          <IconCameraOff aria-hidden />
        </ActionIcon>
      </div>
    </>
  );
}

function CameraMenu({ cameras }: { readonly cameras: readonly MediaDeviceInfo[] }) {
  const { t } = useTranslation('scanner');
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="white" color="dark" size={44} radius="xl" aria-label={t('camera.choose')}>
          <IconCameraRotate aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {cameras.map((camera, place) => (
          <Menu.Item key={camera.deviceId} onClick={() => prefer({ cameraId: camera.deviceId })}>
            {camera.label || t('camera.unnamed', { number: place + 1 })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
