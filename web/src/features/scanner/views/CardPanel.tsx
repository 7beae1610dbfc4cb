import { Alert, Button } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ScanAction } from '@/lib/scanActions';

import { type Booked, type Scanned, redeemIssued, redeemReward } from '../counter/booking';
import type { Card } from '../counter/cards';
import type { Start } from '../counter/starting';
import { type Allowance, allowanceOf } from '../offline/journal';
import { useTill } from '../till/context';
import { useReachable } from '../till/network';
import { Balances } from './Balances';
import { BookPanel } from './BookPanel';
import { CheckIn } from './CheckIn';
import { ConfirmRedeem } from './ConfirmRedeem';
import { Holder } from './Holder';
import { ReceiptClaim } from './ReceiptClaim';
import { RenewPanel } from './RenewPanel';
import { type Offer, offersOf, Rewards } from './Rewards';
import classes from './scanner.module.css';
import { useBooking } from './useBooking';

interface CardPanelProps {
  readonly code: string;
  readonly scannedAt: number;
  readonly start: Start;
  readonly card: Card;
  readonly seenAt: number | null;
  readonly onBooked: (booked: Booked, scanned: Scanned) => void;
  readonly onClose: () => void;
}

/** A card on the counter: who, what they have, what can be done. */
export function CardPanel({ code, scannedAt, start, card, seenAt, onBooked, onClose }: CardPanelProps) {
  const { t } = useTranslation('scanner');
  const { who } = useTill();
  const redeems = start.action === 'redeem' && card.may.includes('redeem');
  const [offer, setOffer] = useState<Offer | null>(() => (redeems ? (offersOf(card)[0] ?? null) : null));
  const [looking, setLooking] = useState(start.action === 'look_up');
  const scanned: Scanned = { code, scannedAt, membershipId: card.membership_id, who: card.customer.first_name, currency: card.currency };
  const told = (booked: Booked) => onBooked(booked, scanned);
  return (
    <div className={classes.desk}>
      <div className={classes.pane}>
        <Holder card={card} seenAt={seenAt} onClose={onClose} />
        <RenewPanel card={card} scanned={scanned} onBooked={told} />
        <Notes card={card} note={start.note} />
        <Balances balances={card.balances} tiers={card.tiers} goal={card.goal} currency={card.currency} />
        <Rewards card={card} timeZone={who.organization.time_zone} onRedeem={card.may.includes('redeem') ? setOffer : null} />
        {card.may.includes('purchase') && <ReceiptClaim scanned={scanned} onBooked={told} />}
      </div>
      <div className={`${classes.pane} ${classes.low}`}>
        <CheckIn scanned={scanned} onBooked={told} />
        {!card.may.includes('purchase') ? (
          <WhyNot card={card} />
        ) : looking ? (
          <Button size="xl" variant="light" mt="auto" onClick={() => setLooking(false)}>
            {t('auto.book')}
          </Button>
        ) : (
          <BookPanel
            scanned={scanned}
            programId={card.program_id}
            kind={card.program_kind}
            paysWith={card.may.includes('pay') ? card.balances : null}
            first={FIRST[start.action]}
            onBooked={told}
          />
        )}
      </div>
      <Redeem card={card} scanned={scanned} seenAt={seenAt} offer={offer} onBooked={told} onClose={() => setOffer(null)} />
    </div>
  );
}

/** What the till asks first, where it is set to; else what was booked last. */
const FIRST: Partial<Record<ScanAction, 'amount' | 'visit'>> = { amount: 'amount', redeem: 'amount', visit: 'visit' };

/** What the cashier should know before anything is booked: how the card was shown, and why nothing was booked by itself. */
function Notes({ card, note }: { readonly card: Card; readonly note: string | null }) {
  const { t } = useTranslation('scanner');
  // Cards that were kept by an older till do not say it. Where the membership gives nothing, that is said instead.
  const limit = card.code_may === 'look_up' || (card.code_may === 'earn' && card.may.includes('purchase')) ? t(`code.${card.code_may}`) : null;
  return [note, limit].map((text) =>
    text === null ? null : (
      <Alert key={text} p="sm" color="yellow" icon={<IconInfoCircle aria-hidden />} role="status">
        {text}
      </Alert>
    ),
  );
}

/** Why nothing can be booked with this card, and who can change that. */
function WhyNot({ card }: { readonly card: Card }) {
  const { t } = useTranslation('scanner');
  const { may } = useTill();
  if (card.code_may === 'look_up') return null;
  const isOver = card.term?.status === 'lapsed' || card.term?.status === 'unpaid';
  const notNow = isOver ? 'notGood' : 'notNow';
  const key = !may('scans:write') ? 'mayNot' : card.membership_state === 'active' ? notNow : card.membership_state;
  return (
    <Alert color="yellow" icon={<IconInfoCircle aria-hidden />} role="alert">
      {t(`card.${key}`)}
    </Alert>
  );
}

interface RedeemProps {
  readonly card: Card;
  readonly scanned: Scanned;
  readonly seenAt: number | null;
  readonly offer: Offer | null;
  readonly onBooked: (booked: Booked) => void;
  readonly onClose: () => void;
}

function Redeem({ card, scanned, seenAt, offer, onBooked, onClose }: RedeemProps) {
  const { t } = useTranslation('scanner');
  const { counter, device, entries, who } = useTill();
  const reachable = useReachable();
  const { busy, problem, book, clear } = useBooking(onBooked);
  const close = () => {
    clear();
    onClose();
  };
  const allowed = ({ rewardId, times }: Offer): Allowance => {
    if (!device) return 'given'; // without a device nothing is kept, and that is said
    const wanted = { code: scanned.code, reward_id: rewardId, ready_count: times, seen_at: seenAt ?? Date.now() };
    return allowanceOf(entries, device, wanted, new Date(), who.organization.time_zone);
  };
  const refusal = (allowance: Allowance): string | null => {
    if (allowance === 'given') return null;
    const limit = allowance === 'device_reached' ? device?.redemptions_per_day : device?.redemptions_per_member_per_day;
    return t(`offline.${allowance}`, { limit });
  };
  const give = () => {
    if (!offer) return;
    const { issuedId, rewardId, name } = offer;
    book(() =>
      issuedId === null
        ? redeemReward(counter, scanned, { id: rewardId, name }, refusal(allowed(offer)))
        : redeemIssued(counter, scanned, { id: issuedId, name }),
    );
  };
  return <ConfirmRedeem card={card} offer={offer} offline={!reachable} busy={busy} problem={problem} onGive={give} onClose={close} />;
}
