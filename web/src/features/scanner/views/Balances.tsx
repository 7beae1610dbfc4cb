import { Group, Progress, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { money, whole } from '@/lib/format';
import { unitFigure } from '@/lib/units';

import type { Balance, Tier } from '../counter/cards';
import classes from './scanner.module.css';

interface BalancesProps {
  readonly balances: readonly Balance[];
  readonly tiers?: readonly Tier[];
  readonly goal: number | null;
  readonly currency: string;
}

/** More are a bar: nobody counts thirty circles. */
const MOST_DRAWN = 18;
/** As many fit beside each other on a phone; rows are filled evenly. */
const ROW = 6;

/** What the card holds. */
export function Balances({ balances, tiers = [], goal, currency }: BalancesProps) {
  const { t } = useTranslation('scanner');
  return (
    <Stack gap="sm">
      {balances.map((balance, place) => (
        <div key={balance.unit_id}>
          <Group gap={6} align="baseline">
            <Text fz="2rem" fw={700} lh={1.1} style={{ fontVariantNumeric: 'tabular-nums' }}>
              {unitFigure(balance.active, balance)}
            </Text>
            <Text c="dimmed">
              {/* The name is written for the number before it. */}
              {balance.currency === null ? balance.name : ''}
              {place === 0 && goal !== null ? ` / ${whole(goal)}` : ''}
            </Text>
          </Group>
          {place === 0 && goal !== null && <Goal active={balance.active} goal={goal} drawn={balance.kind === 'stamps'} />}
          {balance.pending > 0 && (
            <Text size="sm" c="dimmed">
              {t('card.pending', { amount: unitFigure(balance.pending, balance) })}
            </Text>
          )}
          {balance.pooled != null && (
            <Text size="sm" c="dimmed">
              {t('card.pooled', { amount: unitFigure(balance.pooled, balance) })}
            </Text>
          )}
        </div>
      ))}
      {tiers.map(({ tier_set_id, basis, unit_id, next_tier }) =>
        next_tier === null ? null : (
          <Text key={tier_set_id} size="sm" c="dimmed">
            {t('card.nextTier', { missing: basis === 'spend' ? money(next_tier.missing, currency) : partOf(balances, unit_id, next_tier.missing), tier: next_tier.name })}
          </Text>
        ),
      )}
    </Stack>
  );
}

/** So much of one of the units, which the card may not say. */
export function partOf(balances: readonly Balance[], unitId: string | null, amount: number): string {
  const unit = balances.find((balance) => balance.unit_id === unitId);
  return unit ? unitFigure(amount, unit) : whole(amount);
}

function Goal({ active, goal, drawn }: { readonly active: number; readonly goal: number; readonly drawn: boolean }) {
  // A full card goes on: the twelfth of ten stamps is the second of the next.
  const onCard = active > 0 && active % goal === 0 ? goal : active % goal;
  if (!drawn || goal > MOST_DRAWN) return <Progress value={Math.min(100, (100 * active) / goal)} size="lg" radius="xl" mt={6} aria-hidden />;
  return (
    <div className={classes.stamps} style={{ gridTemplateColumns: `repeat(${Math.ceil(goal / Math.ceil(goal / ROW))}, 1fr)` }} aria-hidden>
      {Array.from({ length: goal }, (_, place) => (
        <div key={place} className={classes.stamp} data-filled={place < onCard || undefined}>
          {place < onCard && <IconCheck size={20} stroke={3} />}
        </div>
      ))}
    </div>
  );
}
