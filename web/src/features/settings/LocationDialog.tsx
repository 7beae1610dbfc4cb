import { Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { tell } from '@/lib/notify';
import type { ScanAction } from '@/lib/scanActions';
import { Fault } from '@/ui/Fault';
import { ScanActionSelect } from '@/ui/ScanActionSelect';

import { LOCATIONS, type Location } from './Locations';

interface Typed {
  name: string;
  address: string;
  latitude: number | string;
  longitude: number | string;
  scan_action: ScanAction | null;
}

const number = (typed: number | string): number | null => (typeof typed === 'number' ? typed : null);

/** A new place, or a change of one; with coordinates, cards can appear on the lock screen nearby. */
export function LocationDialog({ place, onClose }: { readonly place: Location | null; readonly onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const form = useForm<Typed>({
    initialValues: {
      name: place?.name ?? '',
      address: place?.address ?? '',
      latitude: place?.latitude ?? '',
      longitude: place?.longitude ?? '',
      scan_action: place?.scan_action ?? null,
    },
    validate: {
      longitude: (longitude, { latitude }) =>
        (number(longitude) === null) === (number(latitude) === null) ? null : t('bothCoordinates'),
    },
  });
  const save = useMutation({
    mutationFn: async (typed: Typed) => {
      const body = {
        name: typed.name,
        address: typed.address.trim() || null,
        latitude: number(typed.latitude),
        longitude: number(typed.longitude),
        scan_action: typed.scan_action,
      };
      if (!place) return data(await api.POST('/api/v1/locations', { body }));
      return data(await api.PATCH('/api/v1/locations/{location_id}', { params: { path: { location_id: place.id } }, body }));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: LOCATIONS });
      tell(common('saved'));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={place ? t('editOf', { name: place.name }) : t('addLocation')} centered>
      <form onSubmit={form.onSubmit((typed) => save.mutate(typed))}>
        <Stack>
          {save.isError && <Fault fault={save.error} />}
          <TextInput label={t('name')} required maxLength={100} data-autofocus {...form.getInputProps('name')} />
          <TextInput label={t('address')} maxLength={500} {...form.getInputProps('address')} />
          <Group grow align="flex-start">
            <NumberInput
              label={t('latitude')}
              min={-90}
              max={90}
              decimalScale={6}
              hideControls
              dir="ltr"
              {...form.getInputProps('latitude')}
            />
            <NumberInput
              label={t('longitude')}
              min={-180}
              max={180}
              decimalScale={6}
              hideControls
              dir="ltr"
              {...form.getInputProps('longitude')}
            />
          </Group>
          <ScanActionSelect
            inherit={t('scanActionInherit')}
            value={form.getValues().scan_action}
            onAction={(scan_action) => form.setFieldValue('scan_action', scan_action)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {common('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
