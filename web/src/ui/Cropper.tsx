import { Alert, Button, Group, Modal, Slider, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Crop, type PictureSpot, cropped, smallestZoom } from '@/lib/crop';
import { type Picture, uploadPicture } from '@/lib/pictures';

import { Fault } from './Fault';

interface CropperProps {
  readonly file: File;
  readonly spot: PictureSpot;
  readonly name: string;
  readonly onDone: (picture: Picture) => void;
  readonly onClose: () => void;
}

const VIEW = 420;
const STEP = 0.02;

/** Cuts a picture to the size of its place: moved by pointer or arrow keys, with the part marked that is surely seen. */
export function Cropper({ file, spot, name, onDone, onClose }: CropperProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const [isUnreadable, setUnreadable] = useState(false);
  const [crop, setCrop] = useState<Crop>({ x: 0.5, y: 0.5, zoom: 1 });
  useEffect(() => {
    let isWanted = true;
    createImageBitmap(file).then(
      (bitmap) => isWanted && setPicture(bitmap),
      () => isWanted && setUnreadable(true),
    );
    return () => {
      isWanted = false;
    };
  }, [file]);
  useEffect(() => {
    if (canvas.current && picture) draw(canvas.current, picture, spot, crop);
  }, [picture, spot, crop]);
  const upload = useMutation({ mutationFn: async () => (picture ? uploadPicture(await saved(picture, spot, crop)) : Promise.reject(new Error())), onSuccess: onDone });
  const scale = Math.min(VIEW / spot.width, 300 / spot.height);
  const shift = (across: number, down: number) => setCrop((now) => moved(now, picture, spot, across, down));
  const drag = useRef<{ x: number; y: number } | null>(null);
  const onMove = (event: PointerEvent) => {
    if (!drag.current || !picture) return;
    const part = cropped(picture, spot, crop);
    const pixels = part.width / (spot.width * scale);
    shift(((drag.current.x - event.clientX) * pixels) / picture.width, ((drag.current.y - event.clientY) * pixels) / picture.height);
    drag.current = { x: event.clientX, y: event.clientY };
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (!step) return;
    event.preventDefault();
    shift(step[0] ?? 0, step[1] ?? 0);
  };
  const least = picture ? smallestZoom(picture, spot) : 1;
  return (
    <Modal opened onClose={onClose} title={t('crop.title', { name })} size="lg" centered>
      <Stack>
        {isUnreadable && <Alert color="red" role="alert">{t('crop.unreadable')}</Alert>}
        {picture && picture.width < spot.width / 2 && <Alert color="orange">{t('crop.small', { width: picture.width, height: picture.height })}</Alert>}
        {upload.isError && <Fault fault={upload.error} />}
        {picture && (
          <>
            <div
              role="application"
              tabIndex={0}
              aria-label={t('crop.frame')}
              onKeyDown={onKey}
              onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); drag.current = { x: event.clientX, y: event.clientY }; }}
              onPointerMove={onMove}
              onPointerUp={() => { drag.current = null; }}
              style={{ position: 'relative', width: spot.width * scale, maxWidth: '100%', margin: '0 auto', cursor: 'move', touchAction: 'none' }}
            >
              <canvas ref={canvas} width={spot.width} height={spot.height} style={{ display: 'block', width: '100%', background: 'repeating-conic-gradient(#bbb 0 25%, #eee 0 50%) 0 / 16px 16px' }} />
              <SafeZone spot={spot} label={t('crop.safe')} />
            </div>
            <Text size="sm" c="dimmed">{t('crop.hint')}</Text>
            <Text size="sm" id="crop-zoom">{t('crop.zoom')}</Text>
            <Slider min={least} max={4} step={0.01} value={crop.zoom} label={null} thumbLabel={t('crop.zoom')} onChange={(zoom) => setCrop((now) => ({ ...now, zoom }))} />
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('cancel')}</Button>
          <Button disabled={!picture} loading={upload.isPending} onClick={() => upload.mutate()}>{t('crop.use')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function SafeZone({ spot, label }: { readonly spot: PictureSpot; readonly label: string }) {
  if (spot.safe.width === 1 && spot.safe.height === 1) return null;
  const side = (share: number) => `${((1 - share) / 2) * 100}%`;
  return (
    <div aria-hidden style={{ position: 'absolute', insetInline: side(spot.safe.width), insetBlock: side(spot.safe.height), border: '2px dashed #fff', outline: '1px solid #0008', borderRadius: spot.shape === 'round' ? '50%' : 6, pointerEvents: 'none' }}>
      <span style={{ position: 'absolute', insetInlineStart: 6, insetBlockStart: 4, fontSize: 11, color: '#fff', textShadow: '0 0 3px #000' }}>{spot.shape === 'round' ? '' : label}</span>
    </div>
  );
}

/** The crop moved by shares of the picture; its middle stays where something is seen. */
function moved(crop: Crop, picture: ImageBitmap | null, spot: PictureSpot, across: number, down: number): Crop {
  if (!picture) return crop;
  const part = cropped(picture, spot, crop);
  const [x, y] = [(part.x + part.width / 2) / picture.width, (part.y + part.height / 2) / picture.height];
  return { ...crop, x: x + across, y: y + down };
}

function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, spot: PictureSpot, crop: Crop): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const part = cropped(picture, spot, crop);
  const scale = spot.width / part.width;
  pen.clearRect(0, 0, spot.width, spot.height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(picture, -part.x * scale, -part.y * scale, picture.width * scale, picture.height * scale);
}

/** The part as a PNG of exactly the size of its place. */
function saved(picture: ImageBitmap, spot: PictureSpot, crop: Crop): Promise<Blob> {
  const sheet = document.createElement('canvas');
  sheet.width = spot.width;
  sheet.height = spot.height;
  draw(sheet, picture, spot, crop);
  return new Promise((resolve, reject) => sheet.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('canvas'))), 'image/png'));
}
