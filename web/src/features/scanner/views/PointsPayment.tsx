import { Button, Group, Modal, Slider, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { money, whole } from '@/lib/format';
import { unitFigure } from '@/lib/units';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';

import type { Booked, Scanned } from '../counter/booking';
import type { Balance } from '../counter/cards';
import { type Quote, payAndRecord, quotePayment, wordsOf } from '../counter/paying';
import { useTill } from '../till/context';
import { useBooking } from './useBooking';

interface PointsPaymentProps {
  readonly scanned: Scanned;
  /** What is on the card. */
  readonly balances: readonly Balance[];
  readonly amountMinor: number;
  readonly onBooked: (booked: Booked) => void;
  readonly onClose: () => void;
}

/** A part of the bill in points, as many as the customer likes. */
export function PointsPayment({ scanned, balances, amountMinor, onBooked, onClose }: PointsPaymentProps) {
  const { t } = useTranslation(['scanner', 'common']);
  const quote = useQuery({
    queryKey: ['quote', scanned.code, amountMinor],
    queryFn: () => quotePayment(scanned, amountMinor),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const unit = balances.find(({ unit_id }) => unit_id === quote.data?.unit_id) ?? balances[0];
  const words = wordsOf(unit);
  return (
    <Modal opened onClose={onClose} title={t('points.title', words)} centered closeButtonProps={{ 'aria-label': t('common:close') }}>
      <Loaded query={quote}>
        {(told) => (told.maximum === 0 ? <Text>{t('points.none', words)}</Text> : <Choose quote={told} unit={unit} scanned={scanned} onBooked={onBooked} />)}
      </Loaded>
    </Modal>
  );
}

function Choose({ quote, unit, scanned, onBooked }: { readonly quote: Quote; readonly unit: Balance | undefined } & Pick<PointsPaymentProps, 'scanned' | 'onBooked'>) {
  const { t } = useTranslation('scanner');
  const { counter } = useTill();
  const [units, setUnits] = useState(quote.maximum);
  // One id for one choice: pressing again after the network was lost pays once.
  const [id, setId] = useState(() => crypto.randomUUID());
  const { busy, problem, book } = useBooking(onBooked);
  const discount = Math.min(quote.amount_minor, Math.floor((units * quote.value.amount_minor) / quote.value.units));
  const words = wordsOf(unit);
  const written = (count: number) => (unit ? unitFigure(count, unit) : whole(count));
  const choose = (next: number) => {
    setUnits(next);
    setId(crypto.randomUUID());
  };
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Text c="dimmed">{t('points.available', { ...words, available: written(quote.available) })}</Text>
        <Text fw={700} fz="xl">
          {written(units)}
        </Text>
      </Group>
      {quote.maximum > quote.minimum && (
        <Slider
          size="xl"
          thumbSize={32}
          thumbLabel={t('points.use', words)}
          label={null}
          min={quote.minimum}
          max={quote.maximum}
          step={quote.step}
          value={units}
          onChange={choose}
        />
      )}
      <div>
        {words.context !== 'money' && <Text>{t('points.worth', { ...words, units: written(units), amount: money(discount, quote.currency) })}</Text>}
        <Text fw={700} fz="xl">
          {t('points.rest', { amount: money(quote.amount_minor - discount, quote.currency) })}
        </Text>
      </div>
      {problem !== null && <Fault fault={new Error(problem)} />}
      <Button size="xl" h="auto" mih={60} py="xs" styles={{ label: { whiteSpace: 'normal', lineHeight: 1.3 } }} loading={busy} onClick={() => book(() => payAndRecord(counter, scanned, quote.amount_minor, { id, unit: quote.unit, count: units }))}>
        {t('points.pay', { ...words, units: written(units) })}
      </Button>
    </Stack>
  );
}
