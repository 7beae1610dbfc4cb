import { Alert, Button, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconDeviceTablet, IconQrcode } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { Fault } from '@/ui/Fault';

import type { Device, TillDatabase } from '../offline/database';
import { announceChange } from '../till/changes';
import { useTill } from '../till/context';
import { useReachable } from '../till/network';
import { CannotSign, PAIRING_SCOPE, pairTill, unpairTill } from '../till/pairing';
import { Invitation } from './Invitation';

/** Whether this till can sell without a network, and for owners the way there. */
export function Pairing() {
  const { t } = useTranslation('scanner');
  const { db, device, may, queued, who, refresh } = useTill();
  const reachable = useReachable();
  const [asking, setAsking] = useState<'here' | 'other' | null>(null);
  const mayPair = may(PAIRING_SCOPE) && reachable;
  return (
    <Stack gap="sm" component="section">
      <Title order={2} size="h5">
        {t('pair.title')}
      </Title>
      <Text>
        {device ? t('pair.paired', { name: device.name, count: device.redemptions_per_day }) : t('pair.not')}
      </Text>
      {!device && !mayPair && <Text c="dimmed">{t('pair.askOwner')}</Text>}
      {mayPair && !device && asking !== 'here' && (
        <Button size="lg" variant="light" leftSection={<IconDeviceTablet aria-hidden />} onClick={() => setAsking('here')}>
          {t('pair.set')}
        </Button>
      )}
      {asking === 'here' && !device && (queued > 0 ? <Text>{t('pair.waiting')}</Text> : <PairForm db={db} scopes={who.scopes} onPaired={refresh} />)}
      {device && mayPair && <Remove db={db} device={device} waiting={queued > 0} onRemoved={refresh} />}
      {mayPair && asking !== 'other' && (
        <Button size="lg" variant="default" leftSection={<IconQrcode aria-hidden />} onClick={() => setAsking('other')}>
          {t('pair.invite')}
        </Button>
      )}
      {asking === 'other' && <Invitation scopes={who.scopes} />}
    </Stack>
  );
}

interface RemoveProps {
  readonly db: TillDatabase;
  readonly device: Device;
  readonly waiting: boolean;
  readonly onRemoved: () => Promise<void>;
}

function Remove({ db, device, waiting, onRemoved }: RemoveProps) {
  const { t } = useTranslation('scanner');
  const [fault, setFault] = useState<unknown>(null);
  const remove = async () => {
    await unpairTill(db, device);
    await onRemoved();
  };
  return (
    <>
      {fault !== null && <Fault fault={fault} />}
      <Button size="lg" variant="light" color="red" disabled={waiting} onClick={() => void remove().catch(setFault)}>
        {t('pair.forget')}
      </Button>
      <Text size="sm" c="dimmed">
        {t(waiting ? 'queue.sending' : 'pair.forgetHint')}
      </Text>
    </>
  );
}

interface PairFormProps {
  readonly db: TillDatabase;
  readonly scopes: readonly string[];
  readonly onPaired: () => Promise<void>;
}

/** What the till is called and where it stands. */
export function PairForm({ db, scopes, onPaired }: PairFormProps) {
  const { t } = useTranslation('scanner');
  const [name, setName] = useState('');
  const [locationId, setLocationId] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const locations = useQuery({
    queryKey: ['locations', 'till'],
    queryFn: async () => data(await api.GET('/api/v1/locations', { params: { query: { limit: 100 } } })).items,
  });
  const pair = async () => {
    setBusy(true);
    setFault(null);
    try {
      await pairTill(db, name.trim(), locationId, scopes);
      await onPaired();
    } catch (cause) {
      setFault(cause instanceof CannotSign ? new Error(t('pair.cannotSign')) : cause);
    } finally {
      setBusy(false);
      announceChange();
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void pair();
      }}
    >
      <Stack gap="sm">
        <TextInput
          size="lg"
          label={t('pair.name')}
          placeholder={t('pair.namePlaceholder')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          required
        />
        {locations.data !== undefined && locations.data.length > 0 && (
          <Select
            size="lg"
            label={t('pair.location')}
            placeholder={t('pair.anyLocation')}
            data={locations.data.map((location) => ({ value: location.id, label: location.name }))}
            value={locationId}
            onChange={setLocationId}
            clearable
          />
        )}
        {fault !== null && <Fault fault={fault} />}
        <Alert color="gray">{t('pair.after')}</Alert>
        <Button type="submit" size="lg" loading={busy} disabled={name.trim() === ''}>
          {t('pair.pair')}
        </Button>
      </Stack>
    </form>
  );
}
