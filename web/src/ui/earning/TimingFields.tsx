import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { QuantityInput } from '@/ui/QuantityInput';

import { expiryDays, pendingDays } from './sentence';
import type { Timing } from './kinds';

interface TimingFieldsProps {
  readonly value: Timing;
  readonly onChange: (value: Timing) => void;
}

/** When what was earned can be used, and when it lapses, in days; richer policies are kept until a day is typed. */
export function TimingFields({ value, onChange }: TimingFieldsProps) {
  const { t } = useTranslation('earning');
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <QuantityInput
        label={t('timing.pending')}
        description={t('timing.pendingHint')}
        suffix={t('timing.days')}
        max={365}
        value={pendingDays(value)}
        onNumber={(days) => onChange({ ...value, pending: days > 0 ? { type: 'for', days } : null })}
      />
      <QuantityInput
        label={t('timing.expires')}
        description={t('timing.expiresHint')}
        suffix={t('timing.days')}
        min={1}
        max={36_500}
        value={expiryDays(value)}
        onChange={(days) => onChange({ ...value, expiry: days ? { type: 'after', days } : null })}
      />
    </SimpleGrid>
  );
}
