import { Badge, Group, Select } from '@mantine/core';
import { IconDoorEnter } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useMe } from '@/lib/session';
import { CustomerName } from '@/ui/CustomerName';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';

import { CHECK_INS, type CheckIn, lasted, useLocations } from './requests';

const STATES = ['in', 'out', 'undone'] as const;
const WAYS = ['staff', 'self'] as const;
const COLOURS = { in: 'teal', out: 'gray', undone: 'red' };

/** Everybody who came, last first. */
export function History() {
  const { t, i18n } = useTranslation('checkins');
  const zone = useMe().data?.organization.time_zone;
  const locations = useLocations().data ?? [];
  const [place, setPlace] = useState<string | null>(null);
  const [state, setState] = useState<CheckIn['state'] | null>(null);
  const [way, setWay] = useState<CheckIn['way'] | null>(null);
  const list = useList<CheckIn>([...CHECK_INS, 'list', place, state, way], async (page) =>
    data(
      await api.GET('/api/v1/check-ins', {
        params: {
          query: {
            ...(place === null ? {} : { location_id: place }),
            ...(state === null ? {} : { state }),
            ...(way === null ? {} : { way }),
            ...page,
          },
        },
      }),
    ),
  );
  const nameOf = (id: string) => locations.find((one) => one.id === id)?.name ?? '';
  return (
    <>
      <Group align="flex-end">
        <Select label={t('location')} placeholder={t('all')} clearable data={locations.map(({ id, name }) => ({ value: id, label: name }))} value={place} onChange={setPlace} />
        <Select label={t('state')} placeholder={t('all')} clearable data={STATES.map((value) => ({ value, label: t(`states.${value}`) }))} value={state} onChange={(chosen) => setState(STATES.find((one) => one === chosen) ?? null)} />
        <Select label={t('way')} placeholder={t('all')} clearable data={WAYS.map((value) => ({ value, label: t(`ways.${value}`) }))} value={way} onChange={(chosen) => setWay(WAYS.find((one) => one === chosen) ?? null)} />
      </Group>
      <Listed list={list} empty={<Empty icon={IconDoorEnter} title={t('history.none')} hint={t(place !== null || state !== null || way !== null ? 'history.filtered' : 'history.noneHint')} />}>
        {(items) => (
          <Rows
            label={t('history.title')}
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { name: t('customer'), leads: true, cell: ({ customer_id }) => <CustomerName id={customer_id} /> },
              { name: t('location'), cell: ({ location_id }) => <bdi>{nameOf(location_id)}</bdi> },
              { name: t('came'), cell: ({ opened_at }) => instant(opened_at, zone) },
              { name: t('duration'), cell: (one) => (one.way === 'self' ? '—' : lasted(one.minutes, i18n.language)) },
              { name: t('state'), cell: (one) => <State one={one} /> },
            ]}
          />
        )}
      </Listed>
    </>
  );
}

function State({ one }: { readonly one: CheckIn }) {
  const { t } = useTranslation('checkins');
  const text = one.state === 'out' && one.closed_how !== null ? t(`closed.${one.closed_how}`) : t(`states.${one.state}`);
  return (
    <Badge color={COLOURS[one.state]} variant="light" tt="none">
      {text}
    </Badge>
  );
}
