import { Checkbox, Fieldset, Select, SimpleGrid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import type { Refused } from '@/lib/refusals';
import { unitName } from '@/lib/units';
import { QuantityInput } from '@/ui/QuantityInput';

import { BASES, PERIODS, VALIDITIES, type Values, WINDOWS, hasUnit, hasWindow } from './tierSet';

interface JudgedFieldsProps {
  readonly value: Values;
  readonly set: (change: Partial<Values>) => void;
  readonly program: Schemas['ProgramOut'];
  readonly refused: Refused;
}

/** What is counted, in which time, and how tiers are reached, kept and lost. */
export function JudgedFields({ value, set, program, refused }: JudgedFieldsProps) {
  const { t } = useTranslation('tiers');
  const bases = program.units.length > 0 ? BASES : BASES.filter((basis) => !hasUnit(basis));
  return (
    <>
      <Fieldset legend={t('whatCounts')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Choice name="basis" options={bases} value={value.basis} onChange={(basis) => set({ basis, unit: hasUnit(basis) ? (value.unit ?? program.units[0]?.code ?? null) : null })} />
          {hasUnit(value.basis) && program.units.length > 1 && (
            <Select label={t('unit')} data={program.units.map((unit) => ({ value: unit.code, label: unitName(unit, 10) }))} value={value.unit ?? program.units[0]?.code ?? null} allowDeselect={false} onChange={(unit) => set({ unit })} />
          )}
          {hasWindow(value.basis) && <Choice name="window" options={WINDOWS} value={value.window.type} onChange={(type) => set({ window: type === 'rolling' ? { type, months: 12 } : { type } })} error={refused.at('window')} />}
          {hasWindow(value.basis) && value.window.type === 'rolling' && <Length days={value.window.days} months={value.window.months} onChange={(length) => set({ window: { type: 'rolling', ...length } })} />}
          <Choice name="period" options={PERIODS} value={value.period} onChange={(period) => set({ period })} />
          <Choice name="refunds" options={['end_of_period', 'at_once']} value={value.refunds} onChange={(refunds) => set({ refunds })} />
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend={t('howKept')}>
        <Stack>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <Choice name="upgrade" options={['at_once', 'next_period']} value={value.upgrade} onChange={(upgrade) => set({ upgrade })} />
            <Choice name="validity" options={VALIDITIES} value={value.validity.type} onChange={(type) => set({ validity: begin(type) })} error={refused.at('validity')} />
            {value.validity.type === 'duration' && <Length days={value.validity.days} months={value.validity.months} onChange={(length) => set({ validity: { type: 'duration', ...length } })} />}
            {value.validity.type === 'calendar_date' && (
              <>
                <QuantityInput label={t('day')} min={1} max={31} value={value.validity.day} onNumber={(day) => set({ validity: { ...value.validity, day } })} error={refused.at('validity.day')} />
                <QuantityInput label={t('month')} min={1} max={12} value={value.validity.month} onNumber={(month) => set({ validity: { ...value.validity, month } })} />
              </>
            )}
            <Choice name="downgrade" options={['full', 'one_level', 'none']} value={value.downgrade} onChange={(downgrade) => set({ downgrade })} />
            <QuantityInput label={t('graceDays')} description={t('graceDaysHint')} max={366} value={value.grace_days} onNumber={(grace_days) => set({ grace_days })} />
            <Choice name="recalculation" options={['at_once', 'next_activity', 'next_period']} value={value.recalculation} onChange={(recalculation) => set({ recalculation })} />
          </SimpleGrid>
          <Checkbox label={t('graceToMonthEnd')} checked={value.grace_to_month_end} onChange={({ currentTarget }) => set({ grace_to_month_end: currentTarget.checked })} />
        </Stack>
      </Fieldset>
    </>
  );
}

function begin(type: Values['validity']['type']): Values['validity'] {
  if (type === 'duration') return { type, months: 12 };
  return type === 'calendar_date' ? { type, month: 12, day: 31 } : { type };
}

interface ChoiceProps<C extends string> {
  readonly name: string;
  readonly options: readonly C[];
  readonly value: C;
  readonly onChange: (value: C) => void;
  readonly error?: string | undefined;
}

function Choice<C extends string>({ name, options, value, onChange, error }: ChoiceProps<C>) {
  const { t } = useTranslation('tiers');
  return (
    <Select
      label={t(`field.${name}`)}
      data={options.map((option) => ({ value: option, label: t(`option.${name}.${option as string}`) }))}
      value={value}
      allowDeselect={false}
      error={error}
      onChange={(chosen) => chosen && onChange(chosen)}
    />
  );
}

interface LengthProps {
  readonly days: number | null | undefined;
  readonly months: number | null | undefined;
  readonly onChange: (length: { days: number } | { months: number }) => void;
}

/** A number of days or of months. */
function Length({ days, months, onChange }: LengthProps) {
  const { t } = useTranslation('tiers');
  const isDays = Boolean(days);
  return (
    <SimpleGrid cols={2}>
      <QuantityInput label={t('length')} min={1} max={isDays ? 3_660 : 120} value={days ?? months} onNumber={(number) => onChange(isDays ? { days: number } : { months: number })} />
      <Select
        label={t('lengthIn')}
        data={(['months', 'days'] as const).map((unit) => ({ value: unit, label: t(`option.length.${unit}`) }))}
        value={isDays ? 'days' : 'months'}
        allowDeselect={false}
        onChange={(unit) => onChange(unit === 'days' ? { days: 365 } : { months: 12 })}
      />
    </SimpleGrid>
  );
}
