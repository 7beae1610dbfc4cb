import { Button, Group, Stack, Text } from '@mantine/core';
import { IconMapPin, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { usePages } from '@/lib/pages';
import { Empty } from '@/ui/Empty';
import { Loaded } from '@/ui/Loaded';
import { MorePages } from '@/ui/MorePages';
import { Section } from '@/ui/Section';

import { LocationDialog } from './LocationDialog';

export const LOCATIONS = ['locations'] as const;
export type Location = Schemas['LocationOut'];

/** Places with a till. */
export function Locations({ mayChange }: { readonly mayChange: boolean }) {
  const { t } = useTranslation('settings');
  const [edited, setEdited] = useState<Location | 'new' | null>(null);
  const locations = usePages(LOCATIONS, async (cursor) =>
    data(await api.GET('/api/v1/locations', { params: { query: cursor ? { cursor } : {} } })),
  );
  const add = mayChange && (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited('new')}>
      {t('addLocation')}
    </Button>
  );
  return (
    <Section title={t('tab.locations')} lead={t('locationsLead')} actions={add}>
      <Loaded query={locations}>
        {(places) =>
          places.length === 0 ? (
            <Empty icon={IconMapPin} title={t('noLocations')} hint={t('noLocationsHint')} />
          ) : (
            <Stack component="ul" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
              {places.map((place) => (
                <Group key={place.id} component="li" justify="space-between">
                  <div>
                    <Text fw={600} dir="auto">{place.name}</Text>
                    {place.address && <Text size="sm"><bdi>{place.address}</bdi></Text>}
                    <Text size="sm" c="dimmed">
                      {place.latitude !== null && place.longitude !== null ? (
                        <bdi dir="ltr">{`${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`}</bdi>
                      ) : (
                        t('noCoordinates')
                      )}
                    </Text>
                  </div>
                  {mayChange && (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={t('editOf', { name: place.name })}
                      onClick={() => setEdited(place)}
                    >
                      {t('edit')}
                    </Button>
                  )}
                </Group>
              ))}
            </Stack>
          )
        }
      </Loaded>
      <MorePages query={locations} />
      {edited && <LocationDialog place={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Section>
  );
}
