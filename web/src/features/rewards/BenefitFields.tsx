import { Fieldset, Select, SimpleGrid, Stack, TagsInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Refused } from '@/lib/refusals';
import { MoneyInput, QuantityInput } from '@/ui/QuantityInput';

import { BENEFITS, type Benefit, newBenefit } from './reward';

interface BenefitFieldsProps {
  readonly value: Benefit;
  readonly onChange: (benefit: Benefit) => void;
  readonly currency: string;
  readonly refused: Refused;
}

/** What people get. */
export function BenefitFields({ value, onChange, currency, refused }: BenefitFieldsProps) {
  const { t } = useTranslation('rewards');
  return (
    <Fieldset legend={t('field.benefit')}>
      <Stack>
        <Select
          label={t('benefitKind')}
          data={BENEFITS.map((type) => ({ value: type, label: t(`benefit.${type}`) }))}
          value={value.type}
          allowDeselect={false}
          onChange={(type) => type && onChange(newBenefit(type))}
        />
        {value.type === 'amount_off' && <MoneyInput label={t('field.amountOff')} currency={currency} min={1} value={value.amount_minor} onNumber={(amount_minor) => onChange({ ...value, amount_minor })} error={refused.at('amount_minor')} />}
        {value.type === 'percent_off' && (
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <QuantityInput label={t('field.percentOff')} suffix="%" min={1} max={100} value={value.percent} onNumber={(percent) => onChange({ ...value, percent })} error={refused.at('percent')} />
            <MoneyInput label={t('field.maximum')} currency={currency} min={1} value={value.maximum_minor} onChange={(maximum_minor) => onChange({ ...value, maximum_minor })} />
          </SimpleGrid>
        )}
        {value.type === 'free_item' && (
          <>
            <TagsInput label={t('field.skus')} description={t('field.skusHint')} value={value.skus ?? []} onChange={(skus) => onChange({ ...value, skus })} />
            <TagsInput label={t('field.categories')} value={value.categories ?? []} onChange={(categories) => onChange({ ...value, categories })} />
            <MoneyInput label={t('field.maximum')} currency={currency} min={1} value={value.maximum_minor} onChange={(maximum_minor) => onChange({ ...value, maximum_minor })} />
          </>
        )}
        {value.type === 'other' && <Textarea label={t('field.text')} dir="auto" autosize minRows={2} maxLength={500} value={value.text ?? ''} onChange={({ currentTarget }) => onChange({ ...value, text: currentTarget.value })} />}
      </Stack>
    </Fieldset>
  );
}
