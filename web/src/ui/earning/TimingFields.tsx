import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { ExpiryFields } from './ExpiryFields';
import { PendingFields } from './PendingFields';
import type { Timing } from './kinds';
import { timingWords } from './timing';

interface TimingFieldsProps {
  readonly value: Timing;
  readonly onChange: (value: Timing) => void;
}

/** From when on what was earned can be used, and when it lapses; the sentence below says what that means. */
export function TimingFields({ value, onChange }: TimingFieldsProps) {
  const { t, i18n } = useTranslation('earning');
  const sentence = timingWords(value, { t, language: i18n.language }).join(t('part.join'));
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <PendingFields value={value.pending} onChange={(pending) => onChange({ ...value, pending })} />
        <ExpiryFields value={value.expiry} onChange={(expiry) => onChange({ ...value, expiry })} />
      </SimpleGrid>
      <Text size="sm" c="dimmed" aria-live="polite" data-testid="timing-sentence">
        {t('timing.means', { sentence })}
      </Text>
    </Stack>
  );
}
