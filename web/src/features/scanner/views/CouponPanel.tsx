import { Button, Stack, Text } from '@mantine/core';
import { IconTicket } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { lastDay, money, percent, whole } from '@/lib/format';

import type { Booked, Scanned } from '../counter/booking';
import type { Coupon } from '../counter/cards';
import { redeemCoupon } from '../counter/paying';
import { NOTHING, minorOf } from '../input/amount';
import { useTill } from '../till/context';
import { AmountPad } from './AmountPad';
import { Refusal } from './BookPanel';
import { NotNow } from './NotNow';
import { UsePanel } from './UsePanel';
import classes from './scanner.module.css';
import { useBooking } from './useBooking';

interface CouponPanelProps {
  readonly code: string;
  readonly coupon: Coupon;
  /** The card that was on the counter when the coupon was scanned. */
  readonly holder: { readonly code: string; readonly scannedAt: number; readonly name: string } | null;
  readonly onBooked: (booked: Booked, scanned: Scanned) => void;
  readonly onClose: () => void;
}

/** A coupon on the counter: what it gives, and for which basket. */
export function CouponPanel({ code, coupon, holder, onBooked, onClose }: CouponPanelProps) {
  const { t } = useTranslation('scanner');
  return (
    <UsePanel icon={IconTicket} title={t('coupon.title')} name={coupon.name} facts={<Facts coupon={coupon} holder={holder} />} onClose={onClose}>
      {coupon.holder_only && !holder ? (
        <NotNow colour="yellow" why={t('coupon.needsCard')} onNext={onClose} />
      ) : coupon.may.includes('redeem') ? (
        <Basket code={code} coupon={coupon} holder={holder} onBooked={onBooked} />
      ) : (
        <NotNow colour="red" why={t('coupon.not', { state: t(`coupon.state.${coupon.state}`) })} onNext={onClose} />
      )}
    </UsePanel>
  );
}

function Facts({ coupon, holder }: Pick<CouponPanelProps, 'coupon' | 'holder'>) {
  const { t } = useTranslation('scanner');
  const { who } = useTill();
  const { currency, minimum_basket_minor, expires_at, uses_left } = coupon;
  return (
    <Stack gap={4}>
      <Text fz="2rem" fw={700} lh={1.15}>
        <Effect coupon={coupon} />
      </Text>
      {minimum_basket_minor > 0 && <Text>{t('coupon.minimum', { amount: money(minimum_basket_minor, currency) })}</Text>}
      {expires_at !== null && <Text c="dimmed">{t('coupon.until', { day: lastDay(expires_at, who.organization.time_zone) })}</Text>}
      {uses_left !== null && uses_left > 1 && <Text c="dimmed">{t('coupon.usesLeft', { count: uses_left })}</Text>}
      {holder && <Text c="dimmed">{t('coupon.card', { who: holder.name })}</Text>}
    </Stack>
  );
}

function Effect({ coupon: { effect, currency } }: { readonly coupon: Coupon }) {
  const { t } = useTranslation('scanner');
  switch (effect.type) {
    case 'amount_off':
      return t('coupon.amountOff', { amount: money(effect.amount_minor, currency) });
    case 'percent_off':
      return t('coupon.percentOff', { percent: percent(effect.basis_points / 10_000) });
    case 'free_item':
      return t('coupon.freeItem');
    case 'buy_get': {
      const { buy, get, basis_points = 10_000 } = effect;
      const figures = { buy: whole(buy.quantity ?? 1), get: whole(get?.quantity ?? 1), percent: percent(basis_points / 10_000) };
      return t(basis_points < 10_000 ? 'coupon.buyCheaper' : 'coupon.buyGet', figures);
    }
    case 'grant_units':
      return t('coupon.units', { count: effect.amount });
  }
}

function Basket({ code, coupon, holder, onBooked }: Pick<CouponPanelProps, 'code' | 'coupon' | 'holder' | 'onBooked'>) {
  const { t } = useTranslation('scanner');
  const { counter } = useTill();
  const [typed, setTyped] = useState(NOTHING);
  const [id, setId] = useState(() => crypto.randomUUID());
  const scanned: Scanned = { code, membershipId: null, who: coupon.name, currency: coupon.currency };
  const { busy, problem, book } = useBooking((booked) => onBooked(booked, scanned));
  const amount = minorOf(typed, coupon.currency);
  // Units are granted whatever is bought, unless it must be something.
  const needsBasket = coupon.effect.type !== 'grant_units' || coupon.minimum_basket_minor > 0;
  const use = () => {
    if (amount > 0 || !needsBasket) book(() => redeemCoupon(counter, scanned, { id, amountMinor: amount || null }, holder));
  };
  return (
    <Stack gap="sm" flex={1} justify="flex-end">
      <Text fw={600}>{t('coupon.basket')}</Text>
      <AmountPad
        label={t('coupon.basket')}
        currency={coupon.currency}
        typed={typed}
        onTyped={(next) => {
          setTyped(next);
          setId(crypto.randomUUID());
        }}
        onEnter={use}
      />
      <div className={classes.foot}>
        <Refusal problem={problem} />
        <Button size="xl" loading={busy} disabled={amount === 0 && needsBasket} onClick={use}>
          {amount > 0 ? t('coupon.redeem', { amount: money(amount, coupon.currency) }) : t(needsBasket ? 'book.enter' : 'coupon.redeemPlain')}
        </Button>
      </div>
    </Stack>
  );
}
