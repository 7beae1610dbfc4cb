import { Fieldset, SimpleGrid, Stack, Switch, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Refused } from '@/lib/refusals';
import { MoneyInput, QuantityInput } from '@/ui/QuantityInput';
import { ConditionsFields } from '@/ui/earning/ConditionsFields';
import type { Words } from '@/ui/earning/words';

import { ItemsFields } from './ItemsFields';
import { type AfterPurchase, type Values, givenAfter } from './campaign';

interface AfterPurchaseFieldsProps {
  readonly value: Values;
  readonly set: (change: Partial<Values>) => void;
  readonly words: Words;
  readonly refused: Refused;
}

/** Which purchases hand their buyer a code for the next one. */
export function AfterPurchaseFields({ value, set, words, refused }: AfterPurchaseFieldsProps) {
  const { t } = useTranslation('coupons');
  const after = value.after_purchase;
  return (
    <Fieldset legend={t('after.title')}>
      <Stack>
        <Switch
          label={t('after.on')}
          description={t('after.onHint')}
          checked={after !== null}
          onChange={({ currentTarget }) => set(currentTarget.checked ? givenAfter(value) : { after_purchase: null })}
        />
        {after && <Given value={after} onChange={(after_purchase) => set({ after_purchase })} words={words} refused={refused} />}
      </Stack>
    </Fieldset>
  );
}

interface GivenProps extends Pick<AfterPurchaseFieldsProps, 'words' | 'refused'> {
  readonly value: AfterPurchase;
  readonly onChange: (value: AfterPurchase) => void;
}

function Given({ value, onChange, words, refused }: GivenProps) {
  const { t } = useTranslation('coupons');
  const [isPicky, setPicky] = useState(Object.values(value.conditions ?? {}).some(Boolean));
  const set = (change: Partial<AfterPurchase>) => onChange({ ...value, ...change });
  const { segments, ...conditions } = value.conditions ?? { first_purchase: false };
  return (
    <>
      <MoneyInput label={t('after.minimum')} currency={words.currency} value={value.minimum_amount_minor === 0 ? null : value.minimum_amount_minor} onChange={(amount) => set({ minimum_amount_minor: amount ?? 0 })} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <QuantityInput label={t('after.atOnce')} description={t('after.noLimit')} min={1} value={value.at_once} onChange={(at_once) => set({ at_once })} />
        <QuantityInput label={t('after.perDay')} description={t('after.noLimit')} min={1} value={value.per_day} onChange={(per_day) => set({ per_day })} />
        <QuantityInput label={t('after.perCustomer')} description={t('after.noLimit')} min={1} value={value.per_customer} onChange={(per_customer) => set({ per_customer })} />
        <QuantityInput label={t('after.stock')} description={t('after.noLimit')} min={1} value={value.stock} onChange={(stock) => set({ stock })} />
      </SimpleGrid>
      <Switch label={t('after.withItems')} checked={Boolean(value.items)} onChange={({ currentTarget }) => set({ items: currentTarget.checked ? { quantity: 1 } : null })} />
      {value.items && (
        <ItemsFields value={value.items} onChange={(items) => set({ items })} quantity={t('after.quantity')} skus={t('after.skus')} categories={t('after.categories')} error={refused.at('after_purchase.items')} />
      )}
      <Switch
        label={t('after.picky')}
        checked={isPicky}
        onChange={({ currentTarget }) => {
          setPicky(currentTarget.checked);
          if (!currentTarget.checked) set({ conditions: { first_purchase: false } });
        }}
      />
      {isPicky && (
        <>
          <ConditionsFields value={conditions} onChange={(changed) => set({ conditions: { ...changed, segments: segments ?? null } })} words={words} refused={refused} withoutDates />
          <TagsInput label={t('after.segments')} description={t('field.tagsHint')} value={segments ?? []} onChange={(chosen) => set({ conditions: { ...conditions, segments: chosen.length > 0 ? chosen : null } })} />
        </>
      )}
    </>
  );
}
