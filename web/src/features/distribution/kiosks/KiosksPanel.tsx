import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconDeviceTablet, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data } from '@/lib/api';
import { instant } from '@/lib/format';
import { useSaving } from '@/lib/saving';
import { useMay, useMe } from '@/lib/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';

import { LINKS, stillOpen, useLocations, usePrograms } from '../requests';

import { AddressDialog } from './AddressDialog';
import { KioskDialog } from './KioskDialog';
import { RenameDialog } from './RenameDialog';
import { KIOSKS, type Kiosk, type OpenedKiosk, type State, stateOf, useKiosks } from './requests';

type Act = 'rename' | 'close' | 'readdress';
const COLOURS: Record<State, string> = { on: 'teal', silent: 'orange', never: 'blue', closed: 'gray' };

/** Tablets in the store: which, whether they are on, and how another is set up. */
export function KiosksPanel() {
  const { t } = useTranslation('distribution');
  const mayWrite = useMay()('links:write');
  const zone = useMe().data?.organization.time_zone;
  const programs = usePrograms().data ?? [];
  const locations = useLocations().data ?? [];
  const list = useKiosks();
  const [isOpening, setOpening] = useState(false);
  const [opened, setOpened] = useState<OpenedKiosk | null>(null);
  const [asked, setAsked] = useState<{ readonly kiosk: Kiosk; readonly to: Act } | null>(null);
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setOpening(true)} style={{ alignSelf: 'flex-start' }}>{t('kiosks.add')}</Button>
  );
  const named = (items: readonly { readonly id: string; readonly name: string }[], id: string | null) => items.find((item) => item.id === id)?.name;
  return (
    <Stack>
      {(list.items?.length ?? 0) > 0 && add}
      <Listed list={list} empty={<Empty icon={IconDeviceTablet} title={t('kiosks.none')} hint={t('kiosks.noneHint')} action={add} />}>
        {(kiosks) => (
          <Rows
            label={t('kiosks.title')}
            items={kiosks}
            keyOf={({ id }) => id}
            columns={[
              { name: t('kiosks.name'), leads: true, cell: (kiosk) => <Anchor component={Link} to={`/distribution/links/${kiosk.link_id}`} fw={600} dir="auto">{kiosk.name}</Anchor> },
              { name: t('kiosks.shows'), cell: (kiosk) => <Text size="sm" component="span"><bdi>{named(programs, kiosk.program_id)}</bdi>{kiosk.location_id && <> · <bdi>{named(locations, kiosk.location_id)}</bdi></>}</Text> },
              { name: t('kiosks.state'), cell: (kiosk) => <Badge color={COLOURS[stateOf(kiosk)]} variant="light" tt="none">{t(`kiosks.states.${stateOf(kiosk)}`)}</Badge> },
              { name: t('kiosks.seen'), cell: (kiosk) => (kiosk.seen_at ? instant(kiosk.seen_at, zone) : '–') },
              ...(mayWrite ? [{ name: t('kiosks.actions'), cell: (kiosk: Kiosk) => kiosk.revoked_at === null && <Actions kiosk={kiosk} onAsk={(to) => setAsked({ kiosk, to })} /> }] : []),
            ]}
          />
        )}
      </Listed>
      {isOpening && (
        <KioskDialog
          programs={stillOpen(programs)}
          locations={locations}
          onClose={() => setOpening(false)}
          onOpened={(kiosk) => {
            setOpening(false);
            setOpened(kiosk);
          }}
        />
      )}
      {asked?.to === 'rename' && <RenameDialog kiosk={asked.kiosk} onClose={() => setAsked(null)} />}
      {asked && asked.to !== 'rename' && <AskedDialog kiosk={asked.kiosk} to={asked.to} onClose={() => setAsked(null)} onReaddressed={setOpened} />}
      {opened && <AddressDialog kiosk={opened} onClose={() => setOpened(null)} />}
    </Stack>
  );
}

function Actions({ kiosk, onAsk }: { readonly kiosk: Kiosk; readonly onAsk: (to: Act) => void }) {
  const { t } = useTranslation('distribution');
  return (
    <Group gap="xs" justify="flex-end">
      <Button size="xs" variant="default" aria-label={t('kiosks.renameOf', { name: kiosk.name })} onClick={() => onAsk('rename')}>{t('kiosks.rename')}</Button>
      <Button size="xs" variant="default" aria-label={t('kiosks.readdressOf', { name: kiosk.name })} onClick={() => onAsk('readdress')}>{t('kiosks.readdress')}</Button>
      <Button size="xs" variant="light" color="red" aria-label={t('kiosks.closeOf', { name: kiosk.name })} onClick={() => onAsk('close')}>{t('kiosks.close')}</Button>
    </Group>
  );
}

interface AskedDialogProps {
  readonly kiosk: Kiosk;
  readonly to: 'close' | 'readdress';
  readonly onClose: () => void;
  readonly onReaddressed: (kiosk: OpenedKiosk) => void;
}

function AskedDialog({ kiosk, to, onClose, onReaddressed }: AskedDialogProps) {
  const { t } = useTranslation('distribution');
  const params = { path: { kiosk_id: kiosk.id } };
  const act = useSaving({
    save: async (): Promise<OpenedKiosk | null> => {
      if (to === 'readdress') return data(await api.POST('/api/v1/kiosks/{kiosk_id}/address', { params }));
      await api.DELETE('/api/v1/kiosks/{kiosk_id}', { params });
      return null;
    },
    refresh: [KIOSKS, LINKS],
    told: to === 'close' ? t('kiosks.closed') : null,
    onSaved: (found) => {
      onClose();
      if (found) onReaddressed(found);
    },
  });
  return (
    <ConfirmDialog opened title={t(`kiosks.${to}Of`, { name: kiosk.name })} action={t(`kiosks.${to}`)} danger={to === 'close'} pending={act.isPending} fault={act.error} onConfirm={() => act.mutate()} onClose={onClose}>
      <Text>{t(`kiosks.${to}Lead`)}</Text>
    </ConfirmDialog>
  );
}
