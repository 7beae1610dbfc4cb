import { Checkbox, Fieldset, SimpleGrid, Stack, TagsInput, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { BASE_PARTS, type Base, USUAL_BASE } from './kinds';

interface BaseFieldsProps {
  readonly value: Base;
  readonly onChange: (value: Base) => void;
}

/** Which parts of a purchase count. */
export function BaseFields({ value, onChange }: BaseFieldsProps) {
  const { t } = useTranslation('earning');
  const set = (change: Partial<Base>) => onChange({ ...value, ...change });
  return (
    <Fieldset legend={t('baseFields.title')}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">{t('baseFields.lead')}</Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
          {BASE_PARTS.map((part) => (
            <Checkbox key={part} label={t(`baseFields.${part}`)} checked={value[part] ?? USUAL_BASE[part]} onChange={({ currentTarget }) => set({ [part]: currentTarget.checked })} />
          ))}
        </SimpleGrid>
        <TagsInput label={t('baseFields.excludedSkus')} description={t('baseFields.tagsHint')} value={value.excluded_skus ?? []} onChange={(excluded_skus) => set({ excluded_skus })} maxTags={50} />
        <TagsInput label={t('baseFields.excludedCategories')} value={value.excluded_categories ?? []} onChange={(excluded_categories) => set({ excluded_categories })} maxTags={20} />
      </Stack>
    </Fieldset>
  );
}
