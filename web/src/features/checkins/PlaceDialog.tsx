import { Anchor, Button, Checkbox, Group, Modal, Radio, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { QuantityInput } from '@/ui/QuantityInput';

import { CHECK_INS, type Place, usePlace, usePrograms } from './requests';

type Location = Schemas['LocationOut'];
type Values = Required<Schemas['CheckInPlaceIn']>;

interface PlaceDialogProps {
  readonly location: Location;
  readonly onClose: () => void;
}

const valuesOf = ({ by_staff, capacity, pass_back_minutes, longest_minutes, ends_with_day, self_by, radius_m, cooldown_minutes, per_day, program_id }: Place): Values => ({
  by_staff, capacity, pass_back_minutes, longest_minutes, ends_with_day, self_by, radius_m, cooldown_minutes, per_day, program_id,
});

/** How one location takes check-ins. */
export function PlaceDialog({ location, onClose }: PlaceDialogProps) {
  const { t } = useTranslation('checkins');
  const place = usePlace(location.id);
  return (
    <Modal opened onClose={onClose} title={t('places.editTitle', { name: location.name })} size="lg" centered>
      <Loaded query={place}>{(known) => <Form location={location} place={known} onClose={onClose} />}</Loaded>
    </Modal>
  );
}

function Form({ location, place, onClose }: PlaceDialogProps & { readonly place: Place }) {
  const { t } = useTranslation('checkins');
  const [value, setValue] = useState(() => valuesOf(place));
  const set = (change: Partial<Values>) => setValue((before) => ({ ...before, ...change }));
  const save = useSaving({
    save: async () => data(await api.PUT('/api/v1/locations/{location_id}/check-in', { params: { path: { location_id: location.id } }, body: value })),
    refresh: [CHECK_INS],
    onSaved: onClose,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        {save.isError && <Fault fault={save.error} />}
        <Checkbox label={t('form.byStaff')} description={t('form.byStaffHint')} checked={value.by_staff} onChange={({ currentTarget }) => set({ by_staff: currentTarget.checked })} />
        {value.by_staff && <StaffFields value={value} set={set} />}
        <Radio.Group label={t('form.selfBy')} description={t('form.selfByHint')} value={value.self_by} onChange={(chosen) => set({ self_by: chosen })}>
          <Stack gap={6} mt={6}>
            {(['none', 'printed', 'screen'] as const).map((way) => (
              <Radio key={way} value={way} label={t(`form.self.${way}`)} />
            ))}
          </Stack>
        </Radio.Group>
        {value.self_by !== 'none' && <Nearness location={location} value={value} set={set} />}
        <MembersOf value={value} set={set} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <QuantityInput label={t('form.cooldown')} description={t('form.cooldownHint')} suffix={t('form.minutes')} max={10_080} value={value.cooldown_minutes} onNumber={(cooldown_minutes) => set({ cooldown_minutes })} />
          <QuantityInput label={t('form.perDay')} description={t('form.perDayHint')} min={1} max={24} value={value.per_day} onNumber={(per_day) => set({ per_day })} />
        </SimpleGrid>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('common:cancel')}</Button>
          <Button type="submit" loading={save.isPending}>{t('common:save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}

interface FieldsProps {
  readonly value: Values;
  readonly set: (change: Partial<Values>) => void;
}

function StaffFields({ value, set }: FieldsProps) {
  const { t } = useTranslation('checkins');
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <QuantityInput label={t('form.capacity')} description={t('form.capacityHint')} min={1} max={100_000} value={value.capacity} onChange={(capacity) => set({ capacity })} />
        <QuantityInput label={t('form.passBack')} description={t('form.passBackHint')} suffix={t('form.minutes')} max={10_080} value={value.pass_back_minutes} onNumber={(pass_back_minutes) => set({ pass_back_minutes })} />
        <QuantityInput label={t('form.longest')} description={t('form.longestHint')} suffix={t('form.minutes')} min={5} max={10_080} value={value.longest_minutes} onNumber={(longest_minutes) => set({ longest_minutes })} />
      </SimpleGrid>
      <Checkbox label={t('form.endsWithDay')} checked={value.ends_with_day} onChange={({ currentTarget }) => set({ ends_with_day: currentTarget.checked })} />
    </>
  );
}

/** Whose members come in; for those who may see programs. */
function MembersOf({ value, set }: FieldsProps) {
  const { t } = useTranslation('checkins');
  const may = useMay();
  const programs = usePrograms(may('programs:read'));
  if (!programs.data) return null;
  return (
    <Select
      label={t('form.membersOf')}
      description={t('form.membersOfHint')}
      data={[{ value: '', label: t('form.anybody') }, ...programs.data.map(({ id, name }) => ({ value: id, label: name }))]}
      value={value.program_id ?? ''}
      allowDeselect={false}
      onChange={(chosen) => set({ program_id: chosen === '' ? null : chosen })}
    />
  );
}

function Nearness({ location, value, set }: FieldsProps & { readonly location: Location }) {
  const { t } = useTranslation('checkins');
  if (location.latitude === null || location.longitude === null) {
    return (
      <Text size="sm">
        {t('form.noCoordinates')} <Anchor component={Link} to="/settings/locations" size="sm">{t('form.toLocations')}</Anchor>
      </Text>
    );
  }
  return (
    <QuantityInput label={t('form.radius')} description={t('form.radiusHint')} suffix={t('form.metres')} min={20} max={5_000} maw={320} value={value.radius_m} onChange={(radius_m) => set({ radius_m })} />
  );
}
