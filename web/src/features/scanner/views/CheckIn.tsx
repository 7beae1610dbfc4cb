import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconDoorEnter, IconDoorExit } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Place, checkIn, placesHere } from '../counter/admitting';
import type { Booked, Scanned } from '../counter/booking';
import { useTill } from '../till/context';
import { useReachable } from '../till/network';
import { prefer, preferences } from '../till/preferences';
import { Refusal } from './BookPanel';
import classes from './scanner.module.css';
import { useBooking } from './useBooking';

interface CheckInProps {
  readonly scanned: Scanned;
  readonly onBooked: (booked: Booked) => void;
}

/** In and out, at the locations that turned it on; not without the network, which alone knows who is in. */
export function CheckIn({ scanned, onBooked }: CheckInProps) {
  const { t } = useTranslation('scanner');
  const { may, device } = useTill();
  const reachable = useReachable();
  const [places, setPlaces] = useState<readonly Place[]>([]);
  const mayCheck = may('checkins:write') && may('organization:read');
  const asks = mayCheck && reachable;
  const here = device?.location_id ?? null;
  useEffect(() => {
    if (!asks) return;
    let left = false;
    placesHere(here).then(
      (found) => {
        if (left) return;
        setPlaces(found);
        if (preferences().checksIn !== found.length > 0) prefer({ checksIn: found.length > 0 });
      },
      () => undefined, // the card can be served all the same
    );
    return () => {
      left = true;
    };
  }, [asks, here]);
  if (mayCheck && !reachable && preferences().checksIn) return <Text c="dimmed">{t('checkIn.needsNetwork')}</Text>;
  if (!asks || places.length === 0) return null;
  return <Doors places={places} scanned={scanned} onBooked={onBooked} />;
}

function Doors({ places, scanned, onBooked }: CheckInProps & { readonly places: readonly Place[] }) {
  const { t } = useTranslation('scanner');
  const { counter } = useTill();
  const [chosen, setChosen] = useState(() => preferences().place);
  const [ids] = useState(() => ({ in: crypto.randomUUID(), out: crypto.randomUUID() }));
  const { busy, problem, book } = useBooking(onBooked);
  const place = places.find(({ location_id }) => location_id === chosen) ?? places[0];
  if (!place) return null;
  const go = (direction: 'in' | 'out') => {
    prefer({ place: place.location_id });
    book(() => checkIn(counter, scanned, ids[direction], place.location_id, direction));
  };
  return (
    <Stack gap="xs">
      <div {...(places.length > 1 ? { className: classes.doors } : {})}>
        {places.length > 1 && (
          <Select
            size="md"
            aria-label={t('checkIn.place')}
            data={places.map(({ location_id, location_name }) => ({ value: location_id, label: location_name }))}
            value={place.location_id}
            allowDeselect={false}
            onChange={(next) => {
              setChosen(next);
              prefer({ place: next });
            }}
          />
        )}
        <Group gap="xs" wrap="nowrap">
          <Button size="lg" px="md" flex="1 0 auto" variant="light" loading={busy} leftSection={<IconDoorEnter aria-hidden />} onClick={() => go('in')}>
            {t('checkIn.in')}
          </Button>
          <Button size="lg" px="md" flex="1 0 auto" variant="light" color="gray" loading={busy} leftSection={<IconDoorExit aria-hidden />} onClick={() => go('out')}>
            {t('checkIn.out')}
          </Button>
        </Group>
      </div>
      <Refusal problem={problem} />
    </Stack>
  );
}
