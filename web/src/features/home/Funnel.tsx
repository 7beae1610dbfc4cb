import { Card, Group, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import { percent, whole } from '@/lib/format';

import classes from './Home.module.css';

/** From the page that was seen to the member who came back. */
export function Funnel({ steps }: { readonly steps: readonly Schemas['StepOut'][] }) {
  const { t } = useTranslation('home');
  const most = Math.max(1, ...steps.map(({ count }) => count));
  return (
    <Card withBorder h="100%">
      <Title order={2} size="h4">
        {t('funnel.title')}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {t('funnel.lead')}
      </Text>
      <ol className={classes.steps}>
        {steps.map(({ step, count }, index) => {
          const before = steps[index - 1]?.count ?? 0;
          const share = index > 0 && before > 0 && count <= before ? percent(count / before) : null;
          return (
            <li key={step}>
              <Group justify="space-between" gap="xs" mb={4} wrap="nowrap">
                <Text size="sm">{t(`funnel.${step}`)}</Text>
                <Group gap="xs" wrap="nowrap">
                  {share !== null && (
                    <Text size="xs" c="dimmed" title={t('funnel.ofBefore')}>
                      {share}
                    </Text>
                  )}
                  <Text size="sm" fw={700} style={{ fontVariantNumeric: 'tabular-nums' }}>
                    {whole(count)}
                  </Text>
                </Group>
              </Group>
              <div className={classes.bar} aria-hidden>
                <div style={{ inlineSize: `${(count / most) * 100}%` }} />
              </div>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
