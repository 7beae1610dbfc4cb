import { Group, Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight, IconMinus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { trendOf, type Kpi } from './figures';
import classes from './Home.module.css';

const LOOKS = {
  [-1]: { icon: IconArrowDownRight, name: 'down' },
  0: { icon: IconMinus, name: 'same' },
  1: { icon: IconArrowUpRight, name: 'up' },
} as const;

/** Up or down since the period before, by arrow, sign and colour. */
export function TrendText({ kpi }: { readonly kpi: Kpi }) {
  const { t } = useTranslation('home');
  const trend = trendOf(kpi);
  if (!trend) {
    return (
      <Text size="xs" c="dimmed">
        {t('noComparison')}
      </Text>
    );
  }
  const { icon: Arrow, name } = LOOKS[trend.direction];
  return (
    <Group gap={4} className={classes[name]}>
      <Group gap={4} wrap="nowrap">
        <Arrow size={16} aria-hidden />
        <Text size="xs" fw={600} component="span">
          {trend.text}
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        {t('thanBefore')}
      </Text>
    </Group>
  );
}
