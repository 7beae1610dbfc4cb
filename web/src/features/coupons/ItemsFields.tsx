import { SimpleGrid, TagsInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { QuantityInput } from '@/ui/QuantityInput';

import type { Items } from './campaign';

interface ItemsFieldsProps {
  readonly value: Items;
  readonly onChange: (items: Items) => void;
  readonly quantity: string;
  readonly skus: string;
  readonly categories: string;
  readonly hint?: string;
  readonly error?: string | undefined;
}

/** So many pieces of these items or categories. */
export function ItemsFields({ value, onChange, quantity, skus, categories, hint, error }: ItemsFieldsProps) {
  const { t } = useTranslation('coupons');
  return (
    <>
      <QuantityInput label={quantity} min={1} max={100} value={value.quantity ?? 1} onNumber={(count) => onChange({ ...value, quantity: count })} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TagsInput label={skus} description={hint ?? t('field.tagsHint')} value={value.skus ?? []} onChange={(chosen) => onChange({ ...value, skus: chosen })} error={error} />
        <TagsInput label={categories} description={hint ?? t('field.tagsHint')} value={value.categories ?? []} onChange={(chosen) => onChange({ ...value, categories: chosen })} />
      </SimpleGrid>
    </>
  );
}
