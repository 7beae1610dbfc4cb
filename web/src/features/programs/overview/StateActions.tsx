import { Button, List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { unitAmount, unitOf } from '@/lib/units';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Loaded } from '@/ui/Loaded';

import { type Program, dryRunProgram, useProgramChange } from '../requests';

type State = Program['state'];
const NEXT: Readonly<Record<State, readonly State[]>> = { draft: ['active'], active: ['paused', 'ended'], paused: ['active', 'ended'], ended: [] };

/** Starts, pauses and ends a programme; what ends says first what its members hold. */
export function StateActions({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const [wanted, setWanted] = useState<State | null>(null);
  const change = useProgramChange(program.id, () => setWanted(null));
  const go = (state: State) => change.mutate(() => ({ state }));
  return (
    <>
      {NEXT[program.state].map((state) => (
        <Button
          key={state}
          size="sm"
          variant={state === 'active' ? 'filled' : 'default'}
          loading={change.isPending && wanted === null}
          onClick={() => (state === 'active' ? go(state) : setWanted(state))}
        >
          {t(`become.${state}`)}
        </Button>
      ))}
      <ConfirmDialog
        opened={wanted !== null}
        title={wanted ? t(`confirm.${wanted}`, { name: program.name }) : ''}
        action={wanted ? t(`become.${wanted}`) : ''}
        danger={wanted === 'ended'}
        pending={change.isPending}
        fault={change.error}
        onClose={() => setWanted(null)}
        onConfirm={() => wanted && go(wanted)}
      >
        <Text>{wanted === 'ended' ? t('confirm.endedLead') : t('confirm.pausedLead')}</Text>
        {wanted === 'ended' && <AtStake program={program} />}
      </ConfirmDialog>
    </>
  );
}

/** What members would be left with. */
function AtStake({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const run = useQuery({ queryKey: ['program', program.id, 'dry-run', null], queryFn: () => dryRunProgram(program.id, null), staleTime: 0 });
  return (
    <Loaded query={run}>
      {(told) => (
        <Stack gap="xs">
          <Text fw={600}>{t('stake.members', { count: told.members })}</Text>
          <List size="sm">
            {told.held.map((held) => {
              const unit = unitOf(program.units, held.unit);
              return <List.Item key={held.unit}>{t('stake.held', { count: held.members, units: unit ? unitAmount(held.amount, unit) : held.amount })}</List.Item>;
            })}
            <List.Item>{t('stake.issued', { count: told.issued_rewards })}</List.Item>
          </List>
        </Stack>
      )}
    </Loaded>
  );
}
