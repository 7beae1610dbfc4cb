import { Anchor, Button, Group, Progress, Select, Stack, Text } from '@mantine/core';
import { IconDoorEnter } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data } from '@/lib/api';
import { instant, whole } from '@/lib/format';
import { useSaving } from '@/lib/saving';
import { useMay, useMe } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { MorePages } from '@/ui/MorePages';
import { Rows } from '@/ui/Rows';
import { Section } from '@/ui/Section';

import { CHECK_INS, type Place, type Present, lasted, usePlaces } from './requests';

const FRESH_MS = 15_000;

/** Who is in now, location by location. */
export function Presence() {
  const { t } = useTranslation('checkins');
  const maySet = useMay()('organization:write');
  const places = usePlaces();
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Loaded query={places}>
      {(known) => {
        const open = known.filter(({ by_staff }) => by_staff);
        const place = open.find(({ location_id }) => location_id === chosen) ?? open[0];
        if (!place) {
          const action = maySet && <Button component={Link} to="/check-ins/places">{t('presence.setUp')}</Button>;
          return <Empty icon={IconDoorEnter} title={t('presence.none')} hint={t('presence.noneHint')} action={action} />;
        }
        return (
          <Stack>
            {open.length > 1 && (
              <Select
                label={t('location')}
                data={open.map(({ location_id, location_name }) => ({ value: location_id, label: location_name }))}
                value={place.location_id}
                onChange={setChosen}
                allowDeselect={false}
                maw={420}
              />
            )}
            <Inside key={place.location_id} place={place} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Inside({ place }: { readonly place: Place }) {
  const { t } = useTranslation('checkins');
  const present = useInfiniteQuery({
    queryKey: [...CHECK_INS, 'presence', place.location_id],
    refetchInterval: FRESH_MS,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) =>
      data(
        await api.GET('/api/v1/locations/{location_id}/presence', {
          params: { path: { location_id: place.location_id }, query: pageParam === null ? {} : { cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
  });
  const now = present.data?.pages[0] ?? place;
  const people = present.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section title={place.location_name}>
      <div aria-live="polite">
        <Text fz="2.5rem" fw={700} lh={1.1}>
          {now.capacity === null ? whole(now.inside) : t('presence.of', { inside: whole(now.inside), capacity: whole(now.capacity) })}
        </Text>
        <Text c="dimmed">{t('presence.inside')}</Text>
      </div>
      {now.capacity !== null && (
        <Progress value={Math.min(100, (100 * now.inside) / now.capacity)} color={now.inside >= now.capacity ? 'red' : 'teal'} aria-label={t('presence.inside')} />
      )}
      {present.isError && <Fault fault={present.error} retry={() => void present.refetch()} />}
      {present.data && people.length === 0 && <Text c="dimmed">{t('presence.nobody')}</Text>}
      {people.length > 0 && <People people={people} />}
      <MorePages query={present} />
    </Section>
  );
}

function People({ people }: { readonly people: readonly Present[] }) {
  const { t, i18n } = useTranslation('checkins');
  const zone = useMe().data?.organization.time_zone;
  const may = useMay();
  const name = ({ customer_id, customer_name }: Present) => {
    const text = <bdi>{customer_name || t('nameless')}</bdi>;
    return may('customers:read') ? <Anchor component={Link} to={`/customers/${customer_id}`} fw={600}>{text}</Anchor> : <Text fw={600}>{text}</Text>;
  };
  return (
    <Rows
      label={t('presence.inside')}
      items={people}
      keyOf={({ id }) => id}
      columns={[
        { name: t('customer'), leads: true, cell: name },
        { name: t('since'), cell: ({ opened_at }) => instant(opened_at, zone) },
        { name: t('duration'), cell: ({ minutes }) => lasted(minutes, i18n.language) },
        ...(may('checkins:write') ? [{ name: t('common:actions'), cell: (one: Present) => <Acts one={one} /> }] : []),
      ]}
    />
  );
}

function Acts({ one }: { readonly one: Present }) {
  const { t } = useTranslation('checkins');
  const called = one.customer_name || t('nameless');
  const out = useSaving({
    save: async () => data(await api.POST('/api/v1/check-ins', { body: { customer_id: one.customer_id, location_id: one.location_id, direction: 'out' } })),
    refresh: [CHECK_INS],
    told: t('presence.wentOut', { name: called }),
  });
  const undo = useSaving({
    save: async () => data(await api.POST('/api/v1/check-ins/{check_in_id}/undo', { params: { path: { check_in_id: one.id } } })),
    refresh: [CHECK_INS],
    told: t('presence.undone', { name: called }),
  });
  const fault = out.error ?? undo.error;
  return (
    <Stack gap={4} align="flex-start">
      <Group gap="xs">
        <Button size="xs" loading={out.isPending} aria-label={`${t('presence.checkOut')}: ${called}`} onClick={() => out.mutate()}>
          {t('presence.checkOut')}
        </Button>
        <Button size="xs" variant="default" loading={undo.isPending} aria-label={`${t('presence.undo')}: ${called}`} onClick={() => undo.mutate()}>
          {t('presence.undo')}
        </Button>
      </Group>
      {fault && <Text size="sm" c="red" role="alert">{fault.message}</Text>}
    </Stack>
  );
}
