import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { IconGiftCard } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { lastDay, money } from '@/lib/format';

import type { Booked, Scanned } from '../counter/booking';
import type { GiftCard } from '../counter/cards';
import { redeemGiftCard } from '../counter/paying';
import { NOTHING, type Typed, minorOf } from '../input/amount';
import { useTill } from '../till/context';
import { AmountPad } from './AmountPad';
import { Refusal } from './BookPanel';
import { NotNow } from './NotNow';
import { UsePanel } from './UsePanel';
import classes from './scanner.module.css';
import { useBooking } from './useBooking';

interface GiftCardPanelProps {
  readonly code: string;
  readonly giftCard: GiftCard;
  readonly onBooked: (booked: Booked, scanned: Scanned) => void;
  readonly onClose: () => void;
}

/** A gift card on the counter: what is on it, and how much of that pays now. */
export function GiftCardPanel({ code, giftCard, onBooked, onClose }: GiftCardPanelProps) {
  const { t } = useTranslation('scanner');
  const { who } = useTill();
  const { last_four, product_name, available_minor, currency, lapses_at } = giftCard;
  const facts = (
    <Stack gap={4}>
      <Text c="dimmed">{t('giftCard.balance')}</Text>
      <Text fz="2.5rem" fw={700} lh={1.1} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {money(available_minor, currency)}
      </Text>
      {lapses_at !== null && <Text c="dimmed">{t('giftCard.lapses', { day: lastDay(lapses_at, who.organization.time_zone) })}</Text>}
    </Stack>
  );
  return (
    <UsePanel
      icon={IconGiftCard}
      title={`${t('giftCard.title')} · ${t('giftCard.ends', { four: last_four })}`}
      name={product_name}
      facts={facts}
      onClose={onClose}
    >
      {giftCard.may.includes('redeem') ? <Pay code={code} giftCard={giftCard} onBooked={onBooked} /> : <WhyNot giftCard={giftCard} onClose={onClose} />}
    </UsePanel>
  );
}

function WhyNot({ giftCard: { state, available_minor }, onClose }: Pick<GiftCardPanelProps, 'giftCard' | 'onClose'>) {
  const { t } = useTranslation('scanner');
  const key = state !== 'ACTIVE' ? state : available_minor === 0 ? 'empty' : 'mayNot';
  return <NotNow colour="yellow" why={t(`giftCard.${key}`)} onNext={onClose} />;
}

function Pay({ code, giftCard, onBooked }: Omit<GiftCardPanelProps, 'onClose'>) {
  const { t } = useTranslation('scanner');
  const { counter } = useTill();
  const { currency, available_minor, pin_required, product_name, last_four } = giftCard;
  const [typed, setTyped] = useState<Typed>(NOTHING);
  const [pin, setPin] = useState('');
  const [id, setId] = useState(() => crypto.randomUUID());
  const scanned: Scanned = { code, membershipId: null, who: `${product_name} ${last_four}`, currency };
  const { busy, problem, book } = useBooking((booked) => onBooked(booked, scanned));
  const change = (next: Typed) => {
    setTyped(next);
    setId(crypto.randomUUID());
  };
  const amount = minorOf(typed, currency);
  const taken = Math.min(amount, available_minor);
  const may = amount > 0 && (!pin_required || pin.length >= 4);
  const pay = () => {
    if (may) book(() => redeemGiftCard(counter, scanned, id, amount, pin_required ? pin : null));
  };
  return (
    <Stack gap="sm" flex={1} justify="flex-end">
      <AmountPad label={t('book.amount')} currency={currency} typed={typed} onTyped={change} onEnter={pay} />
      <Button variant="default" size="md" onClick={() => change({ digits: String(available_minor), behind: null })}>
        {t('giftCard.all')}
      </Button>
      {pin_required && (
        <PasswordInput
          size="lg"
          label={t('giftCard.pin')}
          description={t('giftCard.pinHint')}
          value={pin}
          onChange={(event) => setPin(event.currentTarget.value.replace(/\D/g, ''))}
          inputMode="numeric"
          autoComplete="off"
          maxLength={12}
          dir="ltr"
        />
      )}
      <div className={classes.foot}>
        <Refusal problem={problem} />
        {amount > taken && <Text fw={700}>{t('giftCard.rest', { rest: money(amount - taken, currency) })}</Text>}
        <Button size="xl" fullWidth loading={busy} disabled={!may} onClick={pay}>
          {amount === 0 ? t('book.enter') : t('giftCard.pay', { amount: money(taken, currency) })}
        </Button>
      </div>
    </Stack>
  );
}
