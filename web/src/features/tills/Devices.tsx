import { Badge, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDeviceTablet } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant, whole } from '@/lib/format';
import { useSaving } from '@/lib/saving';
import type { ScanAction } from '@/lib/scanActions';
import { useMay, useMe } from '@/lib/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';
import { ScanActionSelect } from '@/ui/ScanActionSelect';
import { useLocations } from '@/ui/earning/words';

import { minutesOff } from './operation';
import { DEVICES, type Device, useDevices } from './requests';

/** The tills that may sell without a network; a lost one is revoked here. */
export function Devices() {
  const { t } = useTranslation('tills');
  const zone = useMe().data?.organization.time_zone;
  const locations = useLocations().data ?? [];
  const list = useDevices();
  const at = ({ location_id }: Device) => locations.find(({ id }) => id === location_id)?.name;
  return (
    <Listed list={list} empty={<Empty icon={IconDeviceTablet} title={t('devices.none')} hint={t('devices.noneHint')} action={<Button component="a" href="/scan">{t('devices.open')}</Button>} />}>
      {(items) => (
        <Rows
          label={t('devices.title')}
          items={items}
          keyOf={({ id }) => id}
          columns={[
            { name: t('devices.name'), leads: true, cell: (item) => <Name device={item} place={at(item)} /> },
            { name: t('devices.seen'), cell: ({ last_seen_at }) => (last_seen_at ? instant(last_seen_at, zone) : t('devices.never')) },
            { name: t('devices.clock'), cell: (item) => <Clock device={item} /> },
            { name: t('devices.allowed'), cell: (item) => t('devices.allowance', { all: whole(item.redemptions_per_day), each: whole(item.redemptions_per_member_per_day) }) },
            { name: t('common:scanAction.label'), cell: (item) => <AfterScan device={item} /> },
            { name: t('common:actions'), cell: (item) => <Revoke device={item} /> },
          ]}
        />
      )}
    </Listed>
  );
}

function Name({ device, place }: { readonly device: Device; readonly place: string | undefined }) {
  const { t } = useTranslation('tills');
  return (
    <>
      <Text fw={600}><bdi>{device.name}</bdi></Text>
      {place !== undefined && <Text size="sm" c="dimmed"><bdi>{place}</bdi></Text>}
      {device.revoked_at !== null && <Badge color="gray" variant="light" tt="none">{t('devices.revoked')}</Badge>}
    </>
  );
}

/** What the till does by itself after a scan. */
function AfterScan({ device }: { readonly device: Device }) {
  const { t } = useTranslation('tills');
  const may = useMay()('keys:write');
  const path = { device_id: device.id };
  const change = useSaving({
    save: async (scan_action: ScanAction | null) => data(await api.PATCH('/api/v1/devices/{device_id}', { params: { path }, body: { scan_action } })),
    refresh: [DEVICES],
  });
  return (
    <ScanActionSelect
      label={null}
      aria-label={t('devices.actionOf', { name: device.name })}
      size="xs"
      inherit={t('devices.inherit')}
      value={device.scan_action}
      disabled={!may || device.revoked_at !== null || change.isPending}
      error={change.error?.message}
      onAction={(action) => change.mutate(action)}
    />
  );
}

function Clock({ device: { clock_skew_seconds: skew } }: { readonly device: Device }) {
  const { t } = useTranslation('tills');
  const off = minutesOff(skew);
  if (off === null) return <>{skew === null ? '—' : t('devices.right')}</>;
  return <>{t(off > 0 ? 'devices.slow' : 'devices.fast', { minutes: whole(Math.abs(off)) })}</>;
}

function Revoke({ device }: { readonly device: Device }) {
  const { t } = useTranslation('tills');
  const may = useMay()('keys:write');
  const [asked, { open, close }] = useDisclosure(false);
  const revoke = useSaving({
    save: async () => data(await api.DELETE('/api/v1/devices/{device_id}', { params: { path: { device_id: device.id } } })),
    refresh: [DEVICES],
    onSaved: close,
  });
  if (!may || device.revoked_at !== null) return null;
  return (
    <>
      <Button size="xs" variant="default" aria-label={`${t('devices.revoke')}: ${device.name}`} onClick={open}>
        {t('devices.revoke')}
      </Button>
      <ConfirmDialog opened={asked} title={t('devices.revokeTitle', { name: device.name })} action={t('devices.revoke')} danger pending={revoke.isPending} fault={revoke.error} onClose={close} onConfirm={() => revoke.mutate()}>
        <Text size="sm">{t(device.api_key_id === null ? 'devices.revokeLeadKeyless' : 'devices.revokeLead')}</Text>
      </ConfirmDialog>
    </>
  );
}
