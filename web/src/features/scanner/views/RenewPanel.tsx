import { Alert, Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconCalendarOff, IconCalendarTime } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { money } from '@/lib/format';
import { wholeDay } from '@/lib/days';
import { MoneyInput } from '@/ui/QuantityInput';

import { type Booked, type Scanned, METHODS, type Method, renewMembership } from '../counter/booking';
import type { Card } from '../counter/cards';
import { useTill } from '../till/context';
import { useReachable } from '../till/network';
import { Refusal } from './BookPanel';
import { useBooking } from './useBooking';

interface RenewPanelProps {
  readonly card: Card;
  readonly scanned: Scanned;
  readonly onBooked: (booked: Booked) => void;
}

/** Until when the membership is good, in one line, and its renewal. */
export function RenewPanel({ card, scanned, onBooked }: RenewPanelProps) {
  const { t } = useTranslation('scanner');
  const [asking, setAsking] = useState(false);
  const reachable = useReachable();
  const { term } = card;
  if (!term) return null;
  const isOver = term.status === 'unpaid' || term.status === 'lapsed';
  const mayRenew = card.may.includes('renew') && reachable;
  const Symbol = isOver ? IconCalendarOff : IconCalendarTime;
  return (
    <>
      <Group justify="space-between" wrap="nowrap" gap="sm" role="status">
        <Group gap={6} wrap="nowrap">
          <Symbol size={20} aria-hidden style={{ flexShrink: 0 }} />
          <Text fw={600} {...(term.status === 'active' ? {} : { c: `var(--mantine-color-${isOver ? 'red' : 'orange'}-light-color)` })}>
            {t(`term.${term.status}`, { day: term.last_day ? wholeDay(term.last_day) : '' })}
          </Text>
        </Group>
        {mayRenew && (
          <Button size="md" variant={isOver ? 'filled' : 'light'} aria-haspopup="dialog" style={{ flexShrink: 0 }} onClick={() => setAsking(true)}>
            {t('term.renew')}
          </Button>
        )}
      </Group>
      {asking && <RenewDialog term={term} scanned={scanned} onBooked={onBooked} onClose={() => setAsking(false)} />}
    </>
  );
}

interface RenewDialogProps {
  readonly term: NonNullable<Card['term']>;
  readonly scanned: Scanned;
  readonly onBooked: (booked: Booked) => void;
  readonly onClose: () => void;
}

function RenewDialog({ term, scanned, onBooked, onClose }: RenewDialogProps) {
  const { t } = useTranslation(['scanner', 'common']);
  const { counter } = useTill();
  const [amount, setAmount] = useState<number | null>(term.price_minor);
  const [method, setMethod] = useState<Method>('cash');
  // One id for one payment: pressing again after the network was lost pays once.
  const [id] = useState(() => crypto.randomUUID());
  const { busy, problem, book, clear } = useBooking(onBooked);
  return (
    <Modal opened onClose={onClose} title={t('term.title')} centered closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (amount !== null) book(() => renewMembership(counter, scanned, { id, amountMinor: amount, currency: term.currency, method }));
        }}
      >
        <Stack>
          <MoneyInput
            size="lg"
            label={t('term.amount')}
            currency={term.currency}
            value={amount}
            data-autofocus
            onChange={(next) => {
              setAmount(next);
              clear();
            }}
          />
          <SegmentedControl
            fullWidth
            aria-label={t('term.method')}
            value={method}
            onChange={(next) => setMethod(METHODS.find((each) => each === next) ?? 'cash')}
            data={METHODS.map((value) => ({ value, label: t(`term.methods.${value}`) }))}
          />
          <Alert color="gray" py="xs">
            {t('term.noCharge')}
          </Alert>
          <Refusal problem={problem} />
          <Button type="submit" size="xl" loading={busy} disabled={amount === null}>
            {amount ? t('term.renewFor', { amount: money(amount, term.currency) }) : t('term.renew')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
