import { Button, Code, Collapse, Drawer, Group, ScrollArea, Stack, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconTable } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import { day } from '@/lib/format';
import { TimeChart } from '@/ui/charts/TimeChart';

import { chartOf, written, type Kpi } from './figures';
import type { questionOf } from './period';
import { TrendText } from './TrendText';
import classes from './Home.module.css';

interface FigureDetailProps {
  readonly kpi: Kpi;
  readonly report: Schemas['KpisOut'];
  readonly question: ReturnType<typeof questionOf>;
  readonly onClose: () => void;
}

const date = (iso: string) => day(`${iso}T12:00:00Z`, 'UTC');

/** What a figure counts, its days as a chart and as a table, and the same for a spreadsheet. */
export function FigureDetail({ kpi, report, question, onClose }: FigureDetailProps) {
  const { t } = useTranslation('home');
  const { t: common } = useTranslation();
  const [asTable, { toggle }] = useDisclosure(false);
  const write = (value: number | null) => written(value, kpi.unit, report.currency);
  const title = t(`kpi.${kpi.name}.title`);
  const file = `/api/v1/reports/kpis/${kpi.name}/series?${new URLSearchParams({ ...question, format: 'csv' }).toString()}`;
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={<Text fw={650}>{title}</Text>} closeButtonProps={{ 'aria-label': common('close') }}>
      <Stack gap="lg">
        <div>
          <Text className={classes.value}>{write(kpi.value)}</Text>
          <TrendText kpi={kpi} />
          <Text size="sm" c="dimmed" mt={4}>
            {t('before', { value: write(kpi.previous), from: date(report.previous.from), to: date(lastOf(report.previous.to)) })}
          </Text>
        </div>
        <TimeChart title={t('chart', { title })} kind={chartOf(kpi)} points={kpi.points} format={write} />
        <Group gap="sm">
          <Button variant="default" leftSection={<IconTable size={16} aria-hidden />} onClick={toggle} aria-expanded={asTable}>
            {t('asTable')}
          </Button>
          <Button component="a" href={file} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
            {t('asFile')}
          </Button>
        </Group>
        <Collapse expanded={asTable}>
          <DayTable kpi={kpi} write={write} />
        </Collapse>
        <div>
          <Title order={3} size="h5" mb={4}>
            {t('howCounted')}
          </Title>
          <Text size="sm">{t(`kpi.${kpi.name}.says`)}</Text>
          <Code block mt="xs" style={{ whiteSpace: 'pre-wrap', fontFamily: 'inherit' }}>
            {t(`kpi.${kpi.name}.formula`)}
          </Code>
          <Text size="xs" c="dimmed" mt="xs">
            {t('daysOf', { zone: report.time_zone })}
          </Text>
        </div>
      </Stack>
    </Drawer>
  );
}

const lastOf = (end: string) => new Date(Date.parse(`${end}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

function DayTable({ kpi, write }: { readonly kpi: Kpi; readonly write: (value: number | null) => string }) {
  const { t } = useTranslation('home');
  return (
    <ScrollArea.Autosize mah={320} type="auto">
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('day')}</Table.Th>
            <Table.Th scope="col">{t(`kpi.${kpi.name}.title`)}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {kpi.points.toReversed().map((point) => (
            <Table.Tr key={point.day}>
              <Table.Td>{date(point.day)}</Table.Td>
              <Table.Td>{write(point.value)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
