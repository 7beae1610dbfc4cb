import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconMapPin } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Schemas } from '@/lib/api';
import { Empty } from '@/ui/Empty';
import { Loaded } from '@/ui/Loaded';
import { Section } from '@/ui/Section';

import { CodesDialog } from './CodesDialog';
import { PlaceDialog } from './PlaceDialog';
import { type Place, useLocations, usePlaces } from './requests';

type Location = Schemas['LocationOut'];

/** Which locations take check-ins, and how. */
export function Places() {
  const { t } = useTranslation('checkins');
  const locations = useLocations();
  const places = usePlaces();
  const [edited, setEdited] = useState<Location | null>(null);
  const [shown, setShown] = useState<Location | null>(null);
  const settings = (id: string) => places.data?.find(({ location_id }) => location_id === id);
  return (
    <Section title={t('places.title')} lead={t('places.lead')}>
      <Loaded query={locations}>
        {(known) =>
          known.length === 0 ? (
            <Empty icon={IconMapPin} title={t('places.none')} hint={t('places.noneHint')} action={<Button component={Link} to="/settings/locations">{t('places.add')}</Button>} />
          ) : (
            <Stack component="ul" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
              {known.map((location) => (
                <Group key={location.id} component="li" justify="space-between">
                  <div>
                    <Text fw={600} dir="auto">{location.name}</Text>
                    <How place={settings(location.id)} />
                  </div>
                  <Group gap="xs">
                    {(settings(location.id)?.self_by ?? 'none') !== 'none' && (
                      <Button size="xs" aria-label={`${t('codes.open')}: ${location.name}`} onClick={() => setShown(location)}>{t('codes.open')}</Button>
                    )}
                    <Button size="xs" variant="default" aria-label={`${t('places.edit')}: ${location.name}`} onClick={() => setEdited(location)}>{t('places.edit')}</Button>
                  </Group>
                </Group>
              ))}
            </Stack>
          )
        }
      </Loaded>
      {edited && <PlaceDialog location={edited} onClose={() => setEdited(null)} />}
      {shown && <CodesDialog location={shown} onClose={() => setShown(null)} />}
    </Section>
  );
}

function How({ place }: { readonly place: Place | undefined }) {
  const { t } = useTranslation('checkins');
  if (!place) return <Text size="sm" c="dimmed">{t('places.off')}</Text>;
  return (
    <Group gap={6} mt={4}>
      {place.by_staff && <Badge variant="light" tt="none">{t('ways.staff')}</Badge>}
      {place.self_by !== 'none' && <Badge variant="light" color="teal" tt="none">{t('ways.self')}</Badge>}
    </Group>
  );
}
