import { Checkbox, Fieldset, MultiSelect, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Refused } from '@/lib/refusals';
import { unitName, unitOf } from '@/lib/units';
import { QuantityInput, UnitsInput } from '@/ui/QuantityInput';
import { TranslatedInput } from '@/ui/TranslatedInput';
import { useTierSets } from '@/ui/earning/words';

import { BenefitFields } from './BenefitFields';
import { PictureField } from './PictureField';
import { PERIODS, type Program, type Values } from './reward';

interface RewardFieldsProps {
  readonly value: Values;
  readonly set: (change: Partial<Values>) => void;
  readonly program: Program;
  readonly refused: Refused;
  readonly isNew: boolean;
}

/** What a reward is, what it costs, who can have it, and how many there are. */
export function RewardFields({ value, set, program, refused, isNew }: RewardFieldsProps) {
  const { t } = useTranslation('rewards');
  return (
    <>
      <TranslatedInput label={t('field.name')} required value={value.name} texts={value.names} onChange={(name, names) => set({ name, names })} error={refused.at('name')} />
      <TranslatedInput label={t('field.description')} long maxLength={2000} value={value.description} texts={value.descriptions} onChange={(description, descriptions) => set({ description, descriptions })} error={refused.at('description')} />
      <PictureField value={value.image_url} onChange={(image_url) => set({ image_url })} error={refused.at('image_url')} />
      <BenefitFields value={value.benefit} onChange={(benefit) => set({ benefit })} currency={program.currency} refused={refused} />
      {program.units.length > 0 && <PriceFields {...{ value, set, program, refused, isNew }} />}
      <Fieldset legend={t('howMany')}>
        <Stack>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <QuantityInput label={t('field.stock')} description={t('field.stockHint')} max={1_000_000_000} value={value.stock} onChange={(stock) => set({ stock })} error={refused.at('stock')} />
            <QuantityInput label={t('field.perCustomer')} description={t('noLimitHint')} min={1} max={1_000_000} value={value.limit_per_customer} onChange={(limit_per_customer) => set({ limit_per_customer })} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 2, sm: 4 }}>
            {PERIODS.map((period) => (
              <QuantityInput key={period} label={t(`perPeriod.${period}`)} min={1} max={1_000_000} value={value.period_limits[period] ?? null} onChange={(most) => set({ period_limits: withNumber(value.period_limits, period, most) })} />
            ))}
          </SimpleGrid>
        </Stack>
      </Fieldset>
      <Fieldset legend={t('when')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput type="date" label={t('field.firstDay')} value={value.first_day ?? ''} onChange={({ currentTarget }) => set({ first_day: currentTarget.value || null })} />
          <TextInput type="date" label={t('field.lastDay')} min={value.first_day ?? undefined} value={value.last_day ?? ''} onChange={({ currentTarget }) => set({ last_day: currentTarget.value || null })} error={refused.at('last_day')} />
          <QuantityInput label={t('field.expires')} description={t('field.expiresHint')} suffix={t('days')} max={3650} value={value.expires_after_days} onChange={(expires_after_days) => set({ expires_after_days })} />
          <QuantityInput label={t('field.hold')} description={t('field.holdHint')} suffix={t('minutes')} min={1} max={60} value={value.hold_minutes} onNumber={(hold_minutes) => set({ hold_minutes })} />
        </SimpleGrid>
      </Fieldset>
      <Switch label={t('field.active')} checked={value.active} onChange={({ currentTarget }) => set({ active: currentTarget.checked })} />
    </>
  );
}

function withNumber(numbers: Readonly<Record<string, number>>, key: string, number: number | null): Record<string, number> {
  const others = Object.fromEntries(Object.entries(numbers).filter(([known]) => known !== key));
  return number === null ? others : { ...others, [key]: number };
}

function PriceFields({ value, set, program, refused, isNew }: RewardFieldsProps) {
  const { t } = useTranslation('rewards');
  const { data: sets } = useTierSets(program.id);
  const tiers = sets?.flatMap((each) => each.tiers) ?? [];
  const unit = unitOf(program.units, value.unit);
  const spendable = program.units.filter((each) => each.spendable);
  return (
    <Fieldset legend={t('whatItCosts')}>
      <Stack>
        <Checkbox label={t('onlyGift')} description={t('onlyGiftHint')} checked={value.price === null} disabled={!isNew && value.unit === null} onChange={({ currentTarget }) => set({ price: currentTarget.checked ? null : (program.goal ?? 100) })} />
        {value.price !== null && (
          <>
            {spendable.length > 1 && (
              <Select label={t('field.unit')} disabled={!isNew} data={spendable.map((each) => ({ value: each.code, label: unitName(each, 10) }))} value={unit?.code ?? null} allowDeselect={false} onChange={(code) => set({ unit: code })} error={refused.at('unit')} />
            )}
            <UnitsInput label={t('field.priceIn', { units: unit ? unitName(unit, 10) : '' })} unit={unit} min={1} max={10_000_000} value={value.price} onNumber={(price) => set({ price })} error={refused.at('price')} />
            {tiers.length > 0 && (
              <SimpleGrid cols={{ base: 1, xs: 2 }}>
                {tiers.map((tier) => (
                  <UnitsInput key={tier.id} label={t('tierPrice', { tier: tier.name })} unit={unit} min={1} max={10_000_000} value={value.tier_prices[tier.id] ?? null} onChange={(price) => set({ tier_prices: withNumber(value.tier_prices, tier.id, price) })} />
                ))}
              </SimpleGrid>
            )}
            <Checkbox label={t('field.autoIssue')} description={t('field.autoIssueHint')} checked={value.auto_issue} onChange={({ currentTarget }) => set({ auto_issue: currentTarget.checked })} />
          </>
        )}
        {tiers.length > 0 && (
          <MultiSelect label={t('field.tiers')} description={t('field.tiersHint')} data={tiers.map(({ id, name }) => ({ value: id, label: name }))} value={value.tier_ids} onChange={(tier_ids) => set({ tier_ids })} clearable />
        )}
      </Stack>
    </Fieldset>
  );
}
