import { Fieldset, Select, SimpleGrid, Stack, TagsInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Refused } from '@/lib/refusals';
import { unitName, unitOf } from '@/lib/units';
import { MoneyInput, QuantityInput, UnitsInput } from '@/ui/QuantityInput';
import type { Words } from '@/ui/earning/words';

import { ItemsFields } from './ItemsFields';
import { EFFECTS, type Effect, newEffect } from './campaign';

interface EffectFieldsProps {
  readonly value: Effect;
  readonly onChange: (effect: Effect) => void;
  readonly words: Words;
  readonly refused: Refused;
  readonly hasProgram: boolean;
}

/** What a code gives; points only in a campaign of a programme. */
export function EffectFields({ value, onChange, words, refused, hasProgram }: EffectFieldsProps) {
  const { t } = useTranslation('coupons');
  const unit = value.type === 'grant_units' ? unitOf(words.units, value.unit) : undefined;
  return (
    <Fieldset legend={t('what')}>
      <Stack>
        <Select
          label={t('field.effect')}
          data={EFFECTS.filter((type) => type !== 'grant_units' || hasProgram || value.type === type).map((type) => ({ value: type, label: t(`effect.${type}`) }))}
          value={value.type}
          allowDeselect={false}
          onChange={(type) => type && onChange(newEffect(type))}
        />
        {value.type === 'amount_off' && <MoneyInput label={t('field.amountOff')} currency={words.currency} min={1} value={value.amount_minor} onNumber={(amount_minor) => onChange({ ...value, amount_minor })} error={refused.at('amount_minor')} />}
        {value.type === 'percent_off' && (
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <QuantityInput label={t('field.percentOff')} places={2} suffix="%" min={1} max={10_000} value={value.basis_points} onNumber={(basis_points) => onChange({ ...value, basis_points })} error={refused.at('basis_points')} />
            <MoneyInput label={t('field.maximum')} currency={words.currency} min={1} value={value.max_discount_minor} onChange={(max_discount_minor) => onChange({ ...value, max_discount_minor })} />
          </SimpleGrid>
        )}
        {value.type === 'free_item' && (
          <>
            <TagsInput label={t('field.freeSkus')} description={t('field.tagsHint')} value={value.skus ?? []} onChange={(skus) => onChange({ ...value, skus })} error={refused.at('effect.free_item')} />
            <TagsInput label={t('field.freeCategories')} description={t('field.tagsHint')} value={value.categories ?? []} onChange={(categories) => onChange({ ...value, categories })} />
            <QuantityInput label={t('field.quantity')} min={1} max={100} value={value.quantity ?? 1} onNumber={(quantity) => onChange({ ...value, quantity })} />
          </>
        )}
        {value.type === 'buy_get' && <BuyGetFields value={value} onChange={onChange} refused={refused} />}
        {value.type === 'grant_units' && (
          <>
            {words.units.length > 1 && (
              <Select label={t('field.unit')} data={words.units.map((each) => ({ value: each.code, label: unitName(each, 10) }))} value={unit?.code ?? null} allowDeselect={false} onChange={(code) => onChange({ ...value, unit: code })} />
            )}
            <UnitsInput label={t('field.units')} unit={unit} min={1} max={10_000_000} value={value.amount} onNumber={(amount) => onChange({ ...value, amount, ...(unit ? { unit: unit.code } : {}) })} />
          </>
        )}
      </Stack>
    </Fieldset>
  );
}

interface BuyGetFieldsProps {
  readonly value: Extract<Effect, { type: 'buy_get' }>;
  readonly onChange: (effect: Effect) => void;
  readonly refused: Refused;
}

/** So many bought, so many of the same or of others cheaper. */
function BuyGetFields({ value, onChange, refused }: BuyGetFieldsProps) {
  const { t } = useTranslation('coupons');
  return (
    <>
      <ItemsFields value={value.buy} onChange={(buy) => onChange({ ...value, buy })} quantity={t('field.buyQuantity')} skus={t('field.buySkus')} categories={t('field.buyCategories')} error={refused.at('effect.buy_get')} />
      <ItemsFields value={value.get ?? {}} onChange={(get) => onChange({ ...value, get })} quantity={t('field.getQuantity')} skus={t('field.getSkus')} categories={t('field.getCategories')} hint={t('field.getHint')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <QuantityInput label={t('field.getPercent')} description={t('field.getPercentHint')} places={2} suffix="%" min={1} max={10_000} value={value.basis_points ?? 10_000} onNumber={(basis_points) => onChange({ ...value, basis_points })} />
        <QuantityInput label={t('field.times')} description={t('field.timesHint')} min={1} max={100} value={value.times ?? 1} onNumber={(times) => onChange({ ...value, times })} />
      </SimpleGrid>
    </>
  );
}
