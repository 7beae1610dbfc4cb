import { Badge, Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import { unitAmount, unitOf } from '@/lib/units';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';

import { PastPurchase, type Purchase } from './PastPurchase';
import type { Words } from './words';

type Trial = Schemas['TrialOut'];

interface TrialPanelProps {
  readonly programId: string;
  readonly words: Words;
  /** What is tried: whenever it changes, it is tried again. `null` while the form is not filled in. */
  readonly tried: unknown;
  readonly run: (purchaseId: string) => Promise<Trial>;
  /** What each line of the answer is called, by rule or promotion. */
  readonly nameOf: (accrual: Schemas['AccrualOut']) => string;
}

/** What a rule or a promotion would do for a purchase that was made, with the reasons; nothing is written. */
export function TrialPanel({ programId, words, tried, run, nameOf }: TrialPanelProps) {
  const { t } = useTranslation('earning');
  return (
    <PastPurchase programId={programId} words={words}>
      {(purchase) => (tried === null ? <Text size="sm" c="dimmed">{t('trial.incomplete')}</Text> : <Answer {...{ purchase, words, tried, run, nameOf }} />)}
    </PastPurchase>
  );
}

interface AnswerProps extends Pick<TrialPanelProps, 'words' | 'tried' | 'run' | 'nameOf'> {
  readonly purchase: Purchase;
}

function Answer({ purchase, words, tried, run, nameOf }: AnswerProps) {
  const { t } = useTranslation('earning');
  const [settled] = useDebouncedValue(JSON.stringify(tried), 350);
  const trial = useQuery({
    queryKey: ['trial', purchase.id, settled, words.language],
    queryFn: () => run(purchase.id),
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (trial.isError) return <Fault fault={trial.error} retry={() => void trial.refetch()} />;
  return (
    <Loaded query={trial}>
      {(answer) => (
        <Stack gap="sm" aria-live="polite">
          {answer.units.length === 0 && <Text fw={600}>{t('trial.would', { units: t('trial.nothing') })}</Text>}
          {answer.units.map((each) => (
            <Difference key={each.unit} difference={each} words={words} />
          ))}
          {answer.would_give.map((accrual, place) => (
            <Accrual key={place} accrual={accrual} name={nameOf(accrual)} words={words} />
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

function Difference({ difference, words }: { readonly difference: Schemas['UnitDifference']; readonly words: Words }) {
  const { t } = useTranslation('earning');
  const unit = unitOf(words.units, difference.unit);
  const written = (amount: number) => (amount === 0 || !unit ? t('trial.nothing') : unitAmount(amount, unit));
  const change = difference.difference;
  const colour = change > 0 ? 'teal' : change < 0 ? 'orange' : 'gray';
  const key = change > 0 ? 'trial.more' : change < 0 ? 'trial.less' : 'trial.same';
  return (
    <div>
      <Text fw={700} size="lg">{t('trial.would', { units: written(difference.would_give) })}</Text>
      <Group gap="xs">
        <Text size="sm" c="dimmed">{t('trial.given', { units: written(difference.given) })}</Text>
        <Badge color={colour} variant="light" tt="none">{t(key, { units: written(Math.abs(change)) })}</Badge>
      </Group>
    </div>
  );
}

function Accrual({ accrual, name, words }: { readonly accrual: Schemas['AccrualOut']; readonly name: string; readonly words: Words }) {
  const { t } = useTranslation('earning');
  const unit = unitOf(words.units, accrual.unit);
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={600} dir="auto">{name}</Text>
        <Text size="sm" fw={600} c={accrual.amount === 0 ? 'dimmed' : 'inherit'} style={{ whiteSpace: 'nowrap' }}>
          {accrual.amount === 0 || !unit ? t('trial.nothing') : unitAmount(accrual.amount, unit)}
        </Text>
      </Group>
      {accrual.reasons.map((reason, at) => (
        <Text key={at} size="sm" c="dimmed">{reason.text}</Text>
      ))}
    </div>
  );
}
