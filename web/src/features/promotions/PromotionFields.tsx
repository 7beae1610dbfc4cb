import { Checkbox, Fieldset, SegmentedControl, Select, SimpleGrid, Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import type { Refused } from '@/lib/refusals';
import { unitName, unitOf } from '@/lib/units';
import { InstantInput } from '@/ui/InstantInput';
import { MoneyInput, QuantityInput, UnitsInput } from '@/ui/QuantityInput';
import { TranslatedInput } from '@/ui/TranslatedInput';
import { ConditionsFields } from '@/ui/earning/ConditionsFields';
import { TimingFields } from '@/ui/earning/TimingFields';
import type { Words } from '@/ui/earning/words';

import type { Values } from './promotion';

interface PromotionFieldsProps {
  readonly value: Values;
  readonly set: (change: Partial<Values>) => void;
  readonly program: Schemas['ProgramOut'];
  readonly words: Words;
  readonly refused: Refused;
  readonly isNew: boolean;
}

/** What a promotion gives, when, and how much of it there is. */
export function PromotionFields({ value, set, program, words, refused, isNew }: PromotionFieldsProps) {
  const { t } = useTranslation('promotions');
  const unit = unitOf(program.units, value.unit);
  return (
    <>
      <TranslatedInput label={t('name')} description={t('nameHint')} required value={value.name} texts={value.names} onChange={(name, names) => set({ name, names })} error={refused.at('name')} />
      <Fieldset legend={t('what')}>
        <Stack>
          {program.units.length > 1 && (
            <Select
              label={t('unit')}
              disabled={!isNew}
              data={program.units.map((each) => ({ value: each.code, label: unitName(each, 10) }))}
              value={unit?.code ?? null}
              allowDeselect={false}
              onChange={(code) => set({ unit: code })}
            />
          )}
          <EffectFields value={value} set={set} unit={unit} refused={refused} />
          <MoneyInput
            label={words.t('conditions.minimum')}
            description={words.t('conditions.minimumHint')}
            currency={program.currency}
            value={value.minimum_amount_minor || null}
            onChange={(amount) => set({ minimum_amount_minor: amount ?? 0 })}
          />
        </Stack>
      </Fieldset>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <InstantInput label={t('startsAt')} timeZone={program.time_zone} value={value.starts_at} onChange={(starts_at) => set({ starts_at })} error={refused.at('starts_at')} />
        <InstantInput label={t('endsAt')} timeZone={program.time_zone} value={value.ends_at} onChange={(ends_at) => set({ ends_at })} error={refused.at('ends_at')} />
      </SimpleGrid>
      <ConditionsFields value={value.conditions} onChange={(conditions) => set({ conditions })} words={words} refused={refused} withoutDates />
      <Fieldset legend={t('limits')}>
        <Stack>
          <SimpleGrid cols={{ base: 1, xs: 3 }}>
            <QuantityInput label={t('perCustomer')} min={1} max={1_000_000} value={value.limit_per_customer} onChange={(limit_per_customer) => set({ limit_per_customer })} error={refused.at('limit_per_customer')} />
            <QuantityInput label={t('budgetUses')} min={1} value={value.budget_uses} onChange={(budget_uses) => set({ budget_uses })} error={refused.at('budget_uses')} />
            <UnitsInput label={t('budgetUnits', { units: unit ? unitName(unit, 10) : '' })} unit={unit} min={1} value={value.budget_units} onChange={(budget_units) => set({ budget_units })} error={refused.at('budget_units')} />
          </SimpleGrid>
          <Checkbox label={t('exclusive')} description={t('exclusiveHint')} checked={value.stacking === 'exclusive'} onChange={({ currentTarget }) => set({ stacking: currentTarget.checked ? 'exclusive' : 'stackable' })} />
          <QuantityInput label={t('priority')} description={t('priorityHint')} max={1000} value={Math.max(0, value.priority)} onNumber={(priority) => set({ priority })} />
        </Stack>
      </Fieldset>
    </>
  );
}

type EffectFieldsProps = Pick<PromotionFieldsProps, 'value' | 'set' | 'refused'> & { readonly unit: Schemas['UnitOut'] | undefined };

function EffectFields({ value, set, unit, refused }: EffectFieldsProps) {
  const { t } = useTranslation('promotions');
  const { effect } = value;
  const isNarrow = useMediaQuery('(max-width: 48em)');
  return (
    <>
      <SegmentedControl
        aria-label={t('what')}
        orientation={isNarrow ? 'vertical' : 'horizontal'}
        fullWidth
        data={[{ value: 'multiplier', label: t('multiplier') }, { value: 'bonus', label: t('bonus') }]}
        value={effect.type}
        onChange={(type) => set({ effect: type === 'bonus' ? { type: 'bonus', units: 50 } : { type: 'multiplier', percent: 200 } })}
      />
      {effect.type === 'multiplier' ? (
        <QuantityInput label={t('factor')} description={t('factorHint')} places={2} suffix="×" min={101} max={10_000} value={effect.percent} onNumber={(percent) => set({ effect: { type: 'multiplier', percent } })} error={refused.at('percent')} />
      ) : (
        <>
          <UnitsInput label={t('extra', { units: unit ? unitName(unit, 10) : '' })} unit={unit} min={1} max={1_000_000} value={effect.units} onNumber={(units) => set({ effect: { type: 'bonus', units } })} error={refused.at('effect.units')} />
          <Checkbox label={t('ownTiming')} checked={value.timing !== null} onChange={({ currentTarget }) => set({ timing: currentTarget.checked ? { ...unit?.timing } : null })} />
          {value.timing && <TimingFields value={value.timing} onChange={(timing) => set({ timing })} />}
        </>
      )}
    </>
  );
}
