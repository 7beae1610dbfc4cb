import { Alert, Card, Group, Skeleton, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import { whole } from '@/lib/format';
import { Spark } from '@/ui/charts/Spark';

import { chartOf, written, type Kpi } from './figures';
import classes from './Home.module.css';
import { TrendText } from './TrendText';

interface FiguresProps {
  readonly report: Schemas['KpisOut'];
  readonly onOpen: (name: Kpi['name']) => void;
}

/** The five figures, each with its trend and its run. */
export function Figures({ report, onOpen }: FiguresProps) {
  const { t } = useTranslation('home');
  return (
    <Stack gap="sm">
      {!report.complete && <Alert color="blue">{t('deriving')}</Alert>}
      <div className={classes.figures}>
        {report.kpis.map((kpi) => (
          <Figure key={kpi.name} kpi={kpi} currency={report.currency} onOpen={() => onOpen(kpi.name)} />
        ))}
      </div>
    </Stack>
  );
}

function Figure({ kpi, currency, onOpen }: { readonly kpi: Kpi; readonly currency: string; readonly onOpen: () => void }) {
  const { t } = useTranslation('home');
  return (
    <Card withBorder padding="md" className={classes.figure}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap={4}>
        <Title order={2} size="sm" fw={500}>
          <UnstyledButton className={classes.open} onClick={onOpen} aria-haspopup="dialog">
            {t(`kpi.${kpi.name}.title`)}
          </UnstyledButton>
        </Title>
        <IconInfoCircle size={16} stroke={1.6} color="var(--mantine-color-dimmed)" aria-hidden style={{ flexShrink: 0 }} />
      </Group>
      <Text className={classes.value} data-testid={kpi.name}>
        {written(kpi.value, kpi.unit, currency)}
      </Text>
      <Text size="xs" c="dimmed" mb={4} mih="1.4em">
        {kpi.used === null || kpi.used === undefined ? t(`kpi.${kpi.name}.unit`) : t('used', { count: kpi.used, text: whole(kpi.used) })}
      </Text>
      <TrendText kpi={kpi} />
      <div style={{ marginBlockStart: 'auto', paddingBlockStart: 'var(--mantine-spacing-sm)' }}>
        <Spark kind={chartOf(kpi)} points={kpi.points} />
      </div>
    </Card>
  );
}

/** In the place of the figures until they are there. */
export function FiguresSkeleton() {
  return (
    <div className={classes.figures} aria-busy="true">
      {[1, 2, 3, 4, 5].map((place) => (
        <Skeleton key={place} h={170} radius="md" />
      ))}
    </div>
  );
}
