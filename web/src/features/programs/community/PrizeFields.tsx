import { Group, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import { unitName, unitOf } from '@/lib/units';
import { UnitsInput } from '@/ui/QuantityInput';

import type { Program } from '../requests';

type Prize = Schemas['Prize'];

interface PrizeFieldsProps {
  readonly label: string;
  readonly value: Prize;
  readonly onChange: (value: Prize) => void;
  readonly program: Program;
  readonly error?: string | undefined;
}

/** How many units are given; zero gives nothing. */
export function PrizeFields({ label, value, onChange, program, error }: PrizeFieldsProps) {
  const { t } = useTranslation('programs');
  const unit = unitOf(program.units, value.unit);
  return (
    <Group align="flex-start" gap="xs" preventGrowOverflow={false}>
      <UnitsInput
        style={{ flex: 1, minWidth: 140 }}
        label={label}
        unit={unit}
        max={1_000_000}
        value={value.amount}
        onNumber={(amount) => onChange({ ...value, amount, unit: value.unit ?? unit?.code ?? null })}
        error={error}
        disabled={program.units.length === 0}
      />
      {program.units.length > 1 && (
        <Select
          w={140}
          label={t('community.unit')}
          data={program.units.map((each) => ({ value: each.code, label: unitName(each, 10) }))}
          value={unit?.code ?? null}
          allowDeselect={false}
          onChange={(code) => onChange({ ...value, unit: code })}
        />
      )}
    </Group>
  );
}
