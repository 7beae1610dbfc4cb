import { Checkbox, Fieldset, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Refused } from '@/lib/refusals';
import { QuantityInput } from '@/ui/QuantityInput';

import type { Pattern } from './campaign';
import { example } from './example';

interface PatternFieldsProps {
  readonly value: Pattern;
  readonly onChange: (pattern: Pattern) => void;
  readonly refused: Refused;
}

/** How generated codes look, with an example. */
export function PatternFields({ value, onChange, refused }: PatternFieldsProps) {
  const { t } = useTranslation('coupons');
  const set = (change: Partial<Pattern>) => onChange({ ...value, ...change });
  return (
    <Fieldset legend={t('pattern.title')}>
      <Stack>
        <Text ff="monospace" size="lg" dir="ltr" aria-label={t('generate.example')}>{example(value)}</Text>
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <TextInput label={t('pattern.prefix')} maxLength={10} pattern="[A-Za-z0-9]*" dir="ltr" value={value.prefix} onChange={({ currentTarget }) => set({ prefix: currentTarget.value })} error={refused.at('pattern.prefix')} />
          <QuantityInput label={t('pattern.length')} min={4} max={24} value={value.length} onNumber={(length) => set({ length })} error={refused.at('pattern.length')} />
          <QuantityInput label={t('pattern.group')} description={t('pattern.groupHint')} max={24} value={value.group} onNumber={(group) => set({ group })} />
        </SimpleGrid>
        <Checkbox label={t('pattern.check')} description={t('pattern.checkHint')} checked={value.check_letter} onChange={({ currentTarget }) => set({ check_letter: currentTarget.checked })} />
      </Stack>
    </Fieldset>
  );
}
