import { Anchor, Button, Center, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Loaded } from '@/ui/Loaded';

import { CHECK_INS, type Place, usePlace } from './requests';

interface CodesDialogProps {
  readonly location: Schemas['LocationOut'];
  readonly onClose: () => void;
}

/** What is put up at a location: the printed code with its poster, and the screen. */
export function CodesDialog({ location, onClose }: CodesDialogProps) {
  const { t } = useTranslation('checkins');
  const place = usePlace(location.id);
  return (
    <Modal opened onClose={onClose} title={t('codes.title', { name: location.name })} size="lg" centered>
      <Loaded query={place}>
        {(known) => (
          <Stack>
            {known.self_by === 'printed' && <Printed location={location} />}
            <ScreenPart place={known} />
            <Renew locationId={location.id} />
          </Stack>
        )}
      </Loaded>
    </Modal>
  );
}

function Printed({ location }: { readonly location: Schemas['LocationOut'] }) {
  const { t, i18n } = useTranslation('checkins');
  const base = `/api/v1/locations/${location.id}/check-in`;
  const code = useQuery({
    queryKey: [...CHECK_INS, 'code', location.id],
    queryFn: async () => data(await api.GET('/api/v1/locations/{location_id}/check-in/code', { params: { path: { location_id: location.id } } })),
  });
  return (
    <Loaded query={code}>
      {({ qr_svg: picture }) => (
        <>
          <Text>{t('codes.printedLead')}</Text>
          <Center>
            <img src={`data:image/svg+xml;utf8,${encodeURIComponent(picture)}`} alt={t('codes.alt', { name: location.name })} width={220} height={220} style={{ borderRadius: 12, background: '#fff' }} />
          </Center>
          <Group justify="center">
            <Button component="a" href={`${base}/poster.pdf?lang=${i18n.language}`} target="_blank" rel="noopener">{t('codes.poster')}</Button>
            <Button component="a" variant="default" href={`${base}/qr.png?size=1000`} download={`check-in-${location.name}.png`}>{t('codes.png')}</Button>
          </Group>
        </>
      )}
    </Loaded>
  );
}

function ScreenPart({ place }: { readonly place: Place }) {
  const { t } = useTranslation('checkins');
  const may = useMay()('links:write');
  const screen = useQuery({
    queryKey: [...CHECK_INS, 'screen', place.location_id],
    enabled: may,
    queryFn: async () => data(await api.GET('/api/v1/locations/{location_id}/check-in/screen', { params: { path: { location_id: place.location_id } } })),
  });
  if (!may) return null;
  return (
    <Loaded query={screen}>
      {({ url, period_seconds: seconds }) => (
        <Text>
          {t('codes.screenLead', { seconds })}{' '}
          <Anchor href={url} target="_blank" rel="noopener">{t('codes.screenOpen')}</Anchor>
        </Text>
      )}
    </Loaded>
  );
}

function Renew({ locationId }: { readonly locationId: string }) {
  const { t } = useTranslation('checkins');
  const [asked, { open, close }] = useDisclosure(false);
  const renew = useSaving({
    save: async () => data(await api.POST('/api/v1/locations/{location_id}/check-in/renew-code', { params: { path: { location_id: locationId } } })),
    refresh: [CHECK_INS],
    onSaved: close,
  });
  return (
    <>
      <Group justify="flex-end">
        <Button variant="default" color="red" onClick={open}>{t('codes.renew')}</Button>
      </Group>
      <ConfirmDialog opened={asked} title={t('codes.renew')} action={t('codes.renew')} danger pending={renew.isPending} fault={renew.error} onClose={close} onConfirm={() => renew.mutate()}>
        <Text size="sm">{t('codes.renewLead')}</Text>
      </ConfirmDialog>
    </>
  );
}
