import { Badge, Card, Divider, Group, Select, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { IconReceipt } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { instant, money } from '@/lib/format';
import { unitAmount, unitOf } from '@/lib/units';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';

import type { Words } from './words';

type Trial = Schemas['TrialOut'];
type Purchase = Schemas['MemberPurchaseOut'];

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
  const [chosen, setChosen] = useState<string | null>(null);
  const purchases = useQuery({
    queryKey: ['member-purchases', programId],
    queryFn: async () => data(await api.GET('/api/v1/programs/{program_id}/purchases', { params: { path: { program_id: programId } } })).items,
  });
  return (
    <Card withBorder component="section" aria-label={t('trial.title')}>
      <Title order={2} size="h5">{t('trial.title')}</Title>
      <Text size="sm" c="dimmed" mb="sm">{t('trial.lead')}</Text>
      <Loaded query={purchases}>
        {(made) => {
          const purchase = made.find(({ id }) => id === chosen) ?? made[0];
          if (!purchase) return <Empty icon={IconReceipt} title={t('trial.none')} hint={t('trial.noneHint')} />;
          return (
            <Stack>
              <Select
                label={t('trial.purchase')}
                data={made.map((each) => ({ value: each.id, label: labelOf(each, words) }))}
                value={purchase.id}
                onChange={setChosen}
                allowDeselect={false}
                comboboxProps={{ withinPortal: true }}
              />
              <Basket purchase={purchase} words={words} />
              <Divider />
              {tried === null ? <Text size="sm" c="dimmed">{t('trial.incomplete')}</Text> : <Answer {...{ purchase, words, tried, run, nameOf }} />}
            </Stack>
          );
        }}
      </Loaded>
    </Card>
  );
}

const labelOf = (purchase: Purchase, { currency, timeZone }: Words) => `${instant(purchase.occurred_at, timeZone)} · ${money(purchase.amount_minor, purchase.currency || currency)}`;

function Basket({ purchase, words }: { readonly purchase: Purchase; readonly words: Words }) {
  const { t } = useTranslation('earning');
  const place = purchase.location_id ? words.locations.get(purchase.location_id) : undefined;
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <Badge variant="light" tt="none">{t(`channel.${purchase.channel}`)}</Badge>
        {place && <Badge variant="light" color="gray" tt="none">{place}</Badge>}
      </Group>
      {purchase.lines.slice(0, 5).map((line, at) => (
        <Group key={at} justify="space-between" gap="xs" wrap="nowrap">
          <Text size="sm" truncate dir="auto">{line.quantity === 1 ? '' : `${String(line.quantity)} × `}{line.name}</Text>
          <Text size="sm">{money(line.unit_amount_minor * (line.quantity ?? 1), purchase.currency)}</Text>
        </Group>
      ))}
    </Stack>
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
