import { Badge, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconCoins, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes } from 'react-router';

import { money } from '@/lib/format';
import { useMay } from '@/lib/session';
import { unitAmount, unitName } from '@/lib/units';
import { Empty } from '@/ui/Empty';
import { PanelHead } from '@/ui/PanelHead';
import type { Unit } from '@/ui/earning/kinds';
import { finished } from '@/ui/earning/sentence';
import { timingParts } from '@/ui/earning/timing';
import { useWords } from '@/ui/earning/words';

import type { Program } from '../requests';
import type { PanelProps } from '../sections';

import { UnitEditor } from './UnitEditor';

/** What a programme counts in. */
export function UnitsPanel({ program }: PanelProps) {
  return (
    <Routes>
      <Route index element={<UnitList program={program} />} />
      <Route path=":code" element={<UnitEditor program={program} />} />
    </Routes>
  );
}

function UnitList({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const canWrite = useMay()('programs:write') && program.state !== 'ended';
  const add = canWrite && program.units.length < 10 && (
    <Button component={Link} to="new" leftSection={<IconPlus size={18} aria-hidden />}>{t('units.add')}</Button>
  );
  if (program.units.length === 0) return <Empty icon={IconCoins} title={t('units.none')} hint={t('units.noneHint')} action={add} />;
  return (
    <Stack>
      <PanelHead title={t('section.units')} lead={t('units.lead')} action={add} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {program.units.map((unit) => (
          <UnitCard key={unit.id} unit={unit} program={program} canWrite={canWrite} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function UnitCard({ unit, program, canWrite }: { readonly unit: Unit; readonly program: Program; readonly canWrite: boolean }) {
  const { t } = useTranslation('programs');
  const words = useWords(program);
  const facts = [
    ...timingParts(unit.timing, words),
    ...unit.caps.map((cap) => words.t(cap.action === 'refuse' ? 'cap.refuse' : 'cap.reduce', { units: unitAmount(cap.units, unit), per: words.t(`per.${cap.per}`) })),
    ...(unit.cost_micros > 0 ? [t('units.costs', { cost: money(unit.cost_micros / 1_000_000, program.currency) })] : []),
  ];
  return (
    <Card withBorder component="article">
      <Group justify="space-between" wrap="nowrap">
        <Title order={3} size="h5" dir="auto">{unitName(unit, 10)}</Title>
        <Badge variant="light" tt="none" color={unit.spendable ? 'teal' : 'gray'}>{t(unit.spendable ? 'units.spendable' : 'units.notSpendable')}</Badge>
      </Group>
      <Text size="sm" c="dimmed">{t(`units.kinds.${unit.kind}`)} · <code>{unit.code}</code></Text>
      <Text size="sm" mt="xs">{facts.length > 0 ? finished(facts, words) : t('units.plain')}</Text>
      {canWrite && (
        <Button component={Link} to={unit.code} variant="light" size="xs" mt="sm" style={{ alignSelf: 'flex-start' }} aria-label={t('units.edit', { unit: unitName(unit, 10) })}>
          {t('common:edit')}
        </Button>
      )}
    </Card>
  );
}
