import { Group, Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconReceipt } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { money } from '@/lib/format';

import { useToday } from '../till/useToday';

/** What this operator did here today, in one line; the way to take something back. */
export function TodayStrip({ onOpen }: { readonly onOpen: () => void }) {
  const { t } = useTranslation('scanner');
  const { count, sums } = useToday();
  return (
    <UnstyledButton onClick={onOpen} aria-haspopup="dialog" p="sm" bd="1px solid var(--mantine-color-default-border)" bdrs="md">
      <Group justify="space-between" wrap="nowrap">
        <Group gap="sm" wrap="nowrap">
          <IconReceipt aria-hidden stroke={1.6} />
          <div>
            <Text fw={600} lh={1.3}>
              {t('today.title')}
            </Text>
            <Text size="sm" c="dimmed" lh={1.3}>
              {t('today.count', { count })}
            </Text>
          </div>
        </Group>
        <Group gap="xs" wrap="nowrap">
          {sums.map((sum) => (
            <Text key={sum.currency} fw={700} size="lg" style={{ fontVariantNumeric: 'tabular-nums' }}>
              {money(sum.amount_minor, sum.currency)}
            </Text>
          ))}
          <IconChevronRight className="mantine-rotate-rtl" aria-hidden />
        </Group>
      </Group>
    </UnstyledButton>
  );
}
