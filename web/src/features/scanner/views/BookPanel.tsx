import { ActionIcon, Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconCoins, IconMinus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { money, whole } from '@/lib/format';

import { type Booked, type Scanned, recordPurchase, recordVisit } from '../counter/booking';
import type { Balance, Card } from '../counter/cards';
import { wordsOf } from '../counter/paying';
import { NOTHING, minorOf } from '../input/amount';
import { useTill } from '../till/context';
import { useReachable } from '../till/network';
import { prefer, preferences } from '../till/preferences';
import { AmountPad } from './AmountPad';
import { PointsPayment } from './PointsPayment';
import classes from './scanner.module.css';
import { useBooking } from './useBooking';

type Way = 'amount' | 'visit';

interface BookPanelProps {
  readonly scanned: Scanned;
  /** Empty for a card that nobody knows without a network. */
  readonly programId: string;
  readonly kind: Card['program_kind'];
  /** What is on the card, when it may pay; `null` when it may not. */
  readonly paysWith: readonly Balance[] | null;
  /** What the till is set to begin with; without it, what was booked last. */
  readonly first?: Way | undefined;
  readonly onBooked: (booked: Booked) => void;
}

/** The one big action: an amount, or a visit. Which of them this program usually books is remembered. */
export function BookPanel({ scanned, programId, kind, paysWith, first, onBooked }: BookPanelProps) {
  const { t } = useTranslation('scanner');
  const [way, setWay] = useState<Way>(() => first ?? preferences().way[programId] ?? (kind === 'stamps' || kind === 'membership' ? 'visit' : 'amount'));
  const choose = (next: string) => {
    const chosen: Way = next === 'visit' ? 'visit' : 'amount';
    setWay(chosen);
    prefer({ way: { ...preferences().way, [programId]: chosen } });
  };
  return (
    <Stack gap="sm" flex={1}>
      <SegmentedControl
        fullWidth
        size="md"
        aria-label={t('book.how')}
        value={way}
        onChange={choose}
        data={[
          { value: 'amount', label: t('book.amount') },
          { value: 'visit', label: t(kind === 'stamps' ? 'book.stamps' : 'book.visit') },
        ]}
      />
      {way === 'amount' ? (
        <Amount scanned={scanned} paysWith={paysWith} onBooked={onBooked} />
      ) : (
        <Visit scanned={scanned} counted={kind === 'stamps'} onBooked={onBooked} />
      )}
    </Stack>
  );
}

function Amount({ scanned, paysWith, onBooked }: Pick<BookPanelProps, 'scanned' | 'paysWith' | 'onBooked'>) {
  const { t } = useTranslation('scanner');
  const { counter } = useTill();
  const reachable = useReachable();
  const [typed, setTyped] = useState(NOTHING);
  const [withPoints, setWithPoints] = useState(false);
  const { busy, problem, book, clear } = useBooking(onBooked);
  const amount = minorOf(typed, scanned.currency);
  const words = wordsOf(paysWith?.[0]);
  const record = () => {
    if (amount > 0) book(() => recordPurchase(counter, scanned, amount));
  };
  return (
    <Stack gap="sm" flex={1} justify="flex-end">
      <AmountPad
        label={t('book.amount')}
        currency={scanned.currency}
        typed={typed}
        onTyped={(next) => {
          setTyped(next);
          clear();
        }}
        onEnter={record}
      />
      <div className={classes.foot}>
        <Refusal problem={problem} />
        <Group gap="sm" wrap="nowrap">
          <Button size="xl" flex={1} px="xs" onClick={record} loading={busy} disabled={amount === 0}>
            {amount === 0 ? t('book.enter') : t('book.record', { amount: money(amount, scanned.currency) })}
          </Button>
          {paysWith && reachable && (
            <ActionIcon
              variant="default"
              size={60}
              aria-label={t('book.points', words)}
              title={t('book.points', words)}
              disabled={amount === 0 || busy}
              aria-haspopup="dialog"
              onClick={() => setWithPoints(true)}
            >
              <IconCoins aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </div>
      {withPoints && paysWith && <PointsPayment scanned={scanned} balances={paysWith} amountMinor={amount} onBooked={onBooked} onClose={() => setWithPoints(false)} />}
    </Stack>
  );
}

/** More at once is a slip of the finger; the program may allow fewer. */
const MOST_STAMPS = 20;

function Visit({ scanned, counted, onBooked }: Pick<BookPanelProps, 'scanned' | 'onBooked'> & { readonly counted: boolean }) {
  const { t } = useTranslation('scanner');
  const { counter } = useTill();
  const [count, setCount] = useState(1);
  const { busy, problem, book } = useBooking(onBooked);
  return (
    <Stack gap="md" flex={1} justify="flex-end">
      {counted ? (
        <Group justify="space-between" wrap="nowrap" role="group" aria-label={t('book.stampsCount')}>
          <ActionIcon variant="default" size={72} aria-label={t('book.fewer')} disabled={count === 1} onClick={() => setCount(count - 1)}>
            <IconMinus aria-hidden size={32} />
          </ActionIcon>
          <Text component="output" fz="4rem" fw={700} lh={1} aria-live="polite">
            {whole(count)}
          </Text>
          <ActionIcon
            variant="default"
            size={72}
            aria-label={t('book.more')}
            disabled={count === MOST_STAMPS}
            onClick={() => setCount(count + 1)}
          >
            <IconPlus aria-hidden size={32} />
          </ActionIcon>
        </Group>
      ) : (
        <Text c="dimmed" ta="center" py="lg">
          {t('book.visitHint')}
        </Text>
      )}
      <div className={classes.foot}>
        <Refusal problem={problem} />
        <Button size="xl" loading={busy} onClick={() => book(() => recordVisit(counter, scanned, counted ? count : null))}>
          {counted ? t('book.addStamps', { count }) : t('book.addVisit')}
        </Button>
      </div>
    </Stack>
  );
}

/** Why it was not booked, where the cashier is looking. */
export function Refusal({ problem }: { readonly problem: string | null }) {
  return problem === null ? null : (
    <Alert color="red" role="alert" py="xs">
      {problem}
    </Alert>
  );
}
