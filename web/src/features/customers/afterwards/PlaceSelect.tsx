import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useLocations } from '@/ui/earning/words';

interface PlaceSelectProps {
  readonly value: string | null;
  readonly onChange: (location: string | null) => void;
}

/** One location, or all; nothing where there is no choice. */
export function PlaceSelect({ value, onChange }: PlaceSelectProps) {
  const { t } = useTranslation('customers');
  const locations = useLocations().data ?? [];
  if (locations.length < 2) return null;
  return (
    <Select
      label={t('after.location')}
      placeholder={t('after.everywhere')}
      data={locations.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      clearable
      onChange={onChange}
    />
  );
}

/** The name of a location; a dash for none. */
export function PlaceName({ id }: { readonly id: string | null }) {
  const locations = useLocations().data ?? [];
  return <bdi>{locations.find((location) => location.id === id)?.name ?? '—'}</bdi>;
}
