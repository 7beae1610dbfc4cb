import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { QuantityInput } from '@/ui/QuantityInput';

import type { Timing } from './kinds';

interface TimingFieldsProps {
  readonly value: Timing;
  readonly onChange: (value: Timing) => void;
}

/** When what was earned can be used, and when it lapses. */
export function TimingFields({ value, onChange }: TimingFieldsProps) {
  const { t } = useTranslation('earning');
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <QuantityInput
        label={t('timing.pending')}
        description={t('timing.pendingHint')}
        suffix={t('timing.days')}
        max={365}
        value={value.pending_days ?? 0}
        onNumber={(pending_days) => onChange({ ...value, pending_days })}
      />
      <QuantityInput
        label={t('timing.expires')}
        description={t('timing.expiresHint')}
        suffix={t('timing.days')}
        min={1}
        max={36_500}
        value={value.expires_after_days}
        onChange={(expires_after_days) => onChange({ ...value, expires_after_days })}
      />
    </SimpleGrid>
  );
}
