import { Stack } from '@mantine/core';

import { useMay } from '@/lib/session';

import type { PanelProps } from '../sections';

import { EndingMembers } from './EndingMembers';
import { RenewalMoney } from './RenewalMoney';
import { TermForm } from './TermForm';

/** How long memberships run, whose end comes next, and what renewals brought. */
export function TermPanel({ program }: PanelProps) {
  const may = useMay();
  const hasTerm = Boolean(program.settings.term);
  return (
    <Stack gap="xl">
      <TermForm key={program.id} program={program} />
      {hasTerm && may('customers:read') && <EndingMembers program={program} />}
      {hasTerm && may('reports:read') && <RenewalMoney program={program} />}
    </Stack>
  );
}
