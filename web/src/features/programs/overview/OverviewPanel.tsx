import { Card, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { whole } from '@/lib/format';
import { useMay } from '@/lib/session';
import { unitAmount, unitOf } from '@/lib/units';
import { Loaded } from '@/ui/Loaded';

import { type Program, dryRunProgram } from '../requests';
import type { PanelProps } from '../sections';

import { CodeRule } from './CodeRule';
import { ProgramForm } from './ProgramForm';

/** What a programme is, and what its members hold. */
export function OverviewPanel({ program }: PanelProps) {
  const may = useMay();
  const readOnly = !may('programs:write') || program.state === 'ended';
  return (
    <Stack gap="lg">
      <Figures program={program} />
      <ProgramForm key={program.id} program={program} readOnly={readOnly} />
      <CodeRule programId={program.id} readOnly={readOnly} />
    </Stack>
  );
}

function Figures({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const run = useQuery({ queryKey: ['program', program.id, 'dry-run', null], queryFn: () => dryRunProgram(program.id, null), staleTime: 60_000 });
  return (
    <Loaded query={run}>
      {(told) => (
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }}>
          <Figure label={t('figure.members')} value={whole(told.members)} />
          {told.held.map((held) => {
            const unit = unitOf(program.units, held.unit);
            return <Figure key={held.unit} label={t('figure.held', { count: held.members })} value={unit ? unitAmount(held.amount, unit) : whole(held.amount)} />;
          })}
          <Figure label={t('figure.issued')} value={whole(told.issued_rewards)} />
        </SimpleGrid>
      )}
    </Loaded>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <Card withBorder padding="sm">
      <Text size="xl" fw={700}>{value}</Text>
      <Text size="sm" c="dimmed">{label}</Text>
    </Card>
  );
}
