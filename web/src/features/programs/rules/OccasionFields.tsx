import { Checkbox, Group, Select, TagsInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Refused } from '@/lib/refusals';
import { type UnitWords, unitName } from '@/lib/units';
import { MoneyInput, QuantityInput, UnitsInput } from '@/ui/QuantityInput';
import type { Rule, RuleOf } from '@/ui/earning/kinds';

interface OccasionFieldsProps<R extends Rule = Rule> {
  readonly value: R;
  readonly onChange: (rule: Rule) => void;
  readonly unit: UnitWords | undefined;
  readonly currency: string;
  readonly refused: Refused;
}

const MOST = 1_000_000;

/** What a rule of each type needs to know. */
export function OccasionFields({ value, ...others }: OccasionFieldsProps) {
  switch (value.type) {
    case 'per_amount':
      return <AmountFields value={value} {...others} />;
    case 'per_percent':
      return <PercentFields value={value} {...others} />;
    case 'per_visit':
      return <VisitFields value={value} {...others} />;
    case 'per_item':
      return <ItemFields value={value} {...others} />;
    case 'per_event':
      return <EventFields value={value} {...others} />;
  }
}

function useGive(unit: UnitWords | undefined): string {
  const { t } = useTranslation('programs');
  return t('rule.give', { units: unit ? unitName(unit, 10) : '' });
}

function AmountFields({ value, onChange, unit, currency, refused }: OccasionFieldsProps<RuleOf<'per_amount'>>) {
  const { t } = useTranslation('programs');
  return (
    <>
      <Group grow preventGrowOverflow={false} align="flex-start">
        <UnitsInput label={useGive(unit)} unit={unit} min={1} max={MOST} value={value.units_per_step ?? 1} onNumber={(units_per_step) => onChange({ ...value, units_per_step })} error={refused.at('units_per_step')} />
        <MoneyInput label={t('rule.forEach')} currency={currency} min={1} value={value.amount_minor_per_step} onNumber={(amount_minor_per_step) => onChange({ ...value, amount_minor_per_step })} error={refused.at('amount_minor_per_step')} />
      </Group>
      <Rounding value={value.rounding} onChange={(rounding) => onChange({ ...value, rounding })} />
    </>
  );
}

function PercentFields({ value, onChange, refused }: OccasionFieldsProps<RuleOf<'per_percent'>>) {
  const { t } = useTranslation('programs');
  return (
    <>
      <QuantityInput label={t('rule.percent')} places={2} suffix="%" min={1} max={10_000} value={value.basis_points} onNumber={(basis_points) => onChange({ ...value, basis_points })} error={refused.at('basis_points')} />
      <Rounding value={value.rounding} onChange={(rounding) => onChange({ ...value, rounding })} />
    </>
  );
}

function VisitFields({ value, onChange, unit, refused }: OccasionFieldsProps<RuleOf<'per_visit'>>) {
  const { t } = useTranslation('programs');
  return (
    <>
      <UnitsInput label={useGive(unit)} unit={unit} min={1} max={MOST} value={value.units ?? 1} onNumber={(units) => onChange({ ...value, units })} error={refused.at('units')} />
      <Checkbox label={t('rule.oncePerDay')} checked={value.once_per_day ?? false} onChange={({ currentTarget }) => onChange({ ...value, once_per_day: currentTarget.checked })} />
      <QuantityInput label={t('rule.oncePer')} description={t('rule.oncePerHint')} suffix={t('rule.minutes')} min={1} max={10_080} value={value.once_per_minutes} onChange={(once_per_minutes) => onChange({ ...value, once_per_minutes })} />
    </>
  );
}

function ItemFields({ value, onChange, unit, refused }: OccasionFieldsProps<RuleOf<'per_item'>>) {
  const { t } = useTranslation('programs');
  return (
    <>
      <UnitsInput label={useGive(unit)} unit={unit} min={1} max={MOST} value={value.units_per_item ?? 1} onNumber={(units_per_item) => onChange({ ...value, units_per_item })} error={refused.at('units_per_item')} />
      <TagsInput label={t('rule.skus')} description={t('rule.tagsHint')} value={value.skus ?? []} onChange={(skus) => onChange({ ...value, skus })} maxTags={500} />
      <TagsInput label={t('rule.categories')} description={t('rule.allItems')} value={value.categories ?? []} onChange={(categories) => onChange({ ...value, categories })} maxTags={100} />
      <QuantityInput label={t('rule.minimumItems')} min={1} max={10_000} value={value.minimum_quantity ?? 1} onNumber={(minimum_quantity) => onChange({ ...value, minimum_quantity })} />
    </>
  );
}

function EventFields({ value, onChange, unit, refused }: OccasionFieldsProps<RuleOf<'per_event'>>) {
  const { t } = useTranslation('programs');
  return (
    <>
      <TextInput
        label={t('rule.event')}
        description={t('rule.eventHint')}
        required
        pattern="[a-z][a-z0-9_]{0,49}"
        value={value.event}
        onChange={({ currentTarget }) => onChange({ ...value, event: currentTarget.value })}
        error={refused.at('event')}
      />
      <UnitsInput label={useGive(unit)} unit={unit} min={1} max={MOST} value={value.units ?? 1} onNumber={(units) => onChange({ ...value, units })} error={refused.at('units')} />
    </>
  );
}

type Rounding = NonNullable<RuleOf<'per_amount'>['rounding']>;
const ROUNDINGS: readonly Rounding[] = ['floor', 'half_up', 'half_even'];

function Rounding({ value, onChange }: { readonly value: Rounding | undefined; readonly onChange: (rounding: Rounding) => void }) {
  const { t } = useTranslation('programs');
  return (
    <Select
      label={t('rule.rounding')}
      data={ROUNDINGS.map((rounding) => ({ value: rounding, label: t(`rule.roundings.${rounding}`) }))}
      value={value ?? 'floor'}
      allowDeselect={false}
      onChange={(chosen) => onChange(ROUNDINGS.find((rounding) => rounding === chosen) ?? 'floor')}
    />
  );
}
