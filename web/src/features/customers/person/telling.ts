/** Each kind of thing that happens to a customer, in words. */
import {
  type Icon,
  IconCalendarPlus,
  IconCertificate,
  IconCoins,
  IconCreditCard,
  IconDeviceMobile,
  IconDeviceMobileOff,
  IconDoorEnter,
  IconGift,
  IconMail,
  IconMailX,
  IconMessageStar,
  IconNote,
  IconReceipt,
  IconReceipt2,
  IconTicket,
  IconTicketOff,
  IconTicketFilled,
  IconUserCheck,
  IconUserPlus,
  IconWalk,
} from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import { wholeDay } from '@/lib/days';
import { listed, money, whole } from '@/lib/format';
import { namedAmount, withSign } from '@/lib/units';

export type Happening =
  | Schemas['RegisteredEntry']
  | Schemas['JoinedEntry']
  | Schemas['PurchaseEntry']
  | Schemas['UnitsEntry']
  | Schemas['RewardEntry']
  | Schemas['CardEntry']
  | Schemas['TicketEntry']
  | Schemas['CheckInEntry']
  | Schemas['MessageEntry']
  | Schemas['ConsentEntry']
  | Schemas['NoteEntry']
  | Schemas['ReceiptEntry']
  | Schemas['FeedbackEntry']
  | Schemas['TermEntry'];

interface Told {
  readonly icon: Icon;
  readonly title: string;
  readonly detail?: string;
  /** It was taken back. */
  readonly isQuiet?: boolean;
}

const CARD_ICONS = { issued: IconCreditCard, installed: IconDeviceMobile, removed: IconDeviceMobileOff };
const TICKET_ICONS = { issued: IconTicket, used: IconTicketFilled, cancelled: IconTicketOff };
const changed = ({ amount, ...unit }: Schemas['UnitMovement']) => withSign(amount, namedAmount(Math.abs(amount), unit));

export function useTelling(): (one: Happening) => Told {
  const { t } = useTranslation('customers');
  return useCallback(
    (one) => {
      switch (one.kind) {
        case 'registered':
          return { icon: IconUserPlus, title: t('happened.registered'), detail: t(`source.${one.source}`) };
        case 'joined':
          return { icon: IconUserCheck, title: t('happened.joined', { program: one.program_name }), detail: t(`source.${one.source}`) };
        case 'purchase':
          return {
            icon: IconReceipt,
            title: t('happened.purchase', { amount: money(one.amount_minor, one.currency) }),
            isQuiet: one.state === 'voided',
          };
        case 'units':
          return unitsTold(one, t);
        case 'reward':
          return { icon: IconGift, title: one.name, detail: t(`reward.${one.state}`), isQuiet: one.state === 'undone' };
        case 'card':
          return {
            icon: CARD_ICONS[one.what],
            title: t(`happened.card.${one.what}`),
            ...(one.wallet ? { detail: t(`wallet.${one.wallet}`) } : {}),
          };
        case 'ticket':
          return {
            icon: TICKET_ICONS[one.what],
            title: t(`happened.ticket.${one.what}`, { event: one.event_name }),
            detail: [one.category, one.seat].filter(Boolean).join(' · '),
          };
        case 'check_in':
          return checkInTold(one, t);
        case 'message':
          return {
            icon: one.state === 'failed' ? IconMailX : IconMail,
            title: t(`messages.topic.${one.topic}`),
            detail: `${t(`channel.${one.channel}`)} · ${t(`messages.state.${one.state}`)}`,
          };
        case 'consent':
          return {
            icon: IconCertificate,
            title: t(`happened.consent.${one.state}`),
            detail: [
              t(`purpose.${one.purpose}`, { defaultValue: one.purpose }),
              ...(one.channel === 'none' ? [] : [t(`channel.${one.channel}`)]),
            ].join(' · '),
          };
        case 'receipt':
          return { icon: IconReceipt2, title: t('happened.receipt', { amount: money(one.amount_minor, one.currency) }) };
        case 'feedback':
          return { icon: IconMessageStar, title: t('feedback.stars', { number: whole(one.stars) }), detail: one.words ?? '' };
        case 'term':
          return termTold(one, t);
        case 'note':
          return { icon: IconNote, title: t('happened.note'), detail: one.text };
      }
    },
    [t],
  );
}

function checkInTold(one: Schemas['CheckInEntry'], t: TFunction<'customers'>): Told {
  const stay = one.way === 'self' ? t('happened.checkIn.self') : one.state === 'in' ? t('happened.checkIn.in') : t('happened.checkIn.lasted', { count: one.minutes });
  const forgotten = one.closed_how === 'expired' || one.closed_how === 'day_end';
  return {
    icon: IconDoorEnter,
    title: t('happened.checkIn.at', { location: one.location_name }),
    detail: [stay, ...(forgotten ? [t('happened.checkIn.forgotten')] : [])].join(' · '),
    isQuiet: one.state === 'undone',
  };
}

function termTold(one: Schemas['TermEntry'], t: TFunction<'customers'>): Told {
  const paid = one.amount_minor !== null && one.currency !== null ? money(one.amount_minor, one.currency) : null;
  const isOff = one.state !== 'standing';
  return {
    icon: IconCalendarPlus,
    title: paid === null ? t('happened.term.gift', { program: one.program_name }) : t('happened.term.payment', { program: one.program_name, amount: paid }),
    detail: [
      isOff ? t(`term.state.${one.state}`) : t('happened.term.until', { day: wholeDay(one.last_day) }),
      ...(one.method ? [t(`term.methods.${one.method}`)] : []),
      ...(one.reason ? [`“${one.reason}”`] : []),
    ].join(' · '),
    isQuiet: isOff,
  };
}

function unitsTold(one: Schemas['UnitsEntry'], t: TFunction<'customers'>): Told {
  const moved = listed(one.movements.map(changed));
  const cause = one.cause === 'other' ? t(`transfer.${one.transfer_kind}`, { defaultValue: one.transfer_kind }) : t(`cause.${one.cause}`);
  return {
    icon: one.cause === 'visit' ? IconWalk : IconCoins,
    title: moved || cause,
    detail: [...(moved ? [cause] : []), one.program_name, ...(one.reason ? [`“${one.reason}”`] : [])].join(' · '),
    isQuiet: one.undone,
  };
}
