import { Group, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { QuantityInput } from '@/ui/QuantityInput';

import type { Length, LengthUnit } from './timing';

interface LengthFieldProps {
  readonly label: string;
  readonly value: Length;
  readonly onChange: (value: Length) => void;
  /** What may be chosen, with the longest that the server takes. */
  readonly units: Partial<Record<LengthUnit, number>>;
  readonly min?: number;
}

/** A number and its unit of time. */
export function LengthField({ label, value, onChange, units, min = 1 }: LengthFieldProps) {
  const { t } = useTranslation('earning');
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <QuantityInput w={90} label={label} min={min} max={units[value.unit] ?? 0} value={value.count} onNumber={(count) => onChange({ ...value, count })} />
      <Select
        w={130}
        label={t('timing.unit')}
        data={Object.keys(units).map((unit) => ({ value: unit as LengthUnit, label: t(`timing.units.${unit}`) }))}
        value={value.unit}
        allowDeselect={false}
        onChange={(unit) => unit && onChange({ ...value, unit })}
      />
    </Group>
  );
}
