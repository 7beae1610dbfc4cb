import { Alert } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Booked, type Scanned, redeemIssued, redeemReward } from '../counter/booking';
import type { Card } from '../counter/cards';
import { type Allowance, allowanceOf } from '../offline/journal';
import { useTill } from '../till/context';
import { useReachable } from '../till/network';
import { Balances } from './Balances';
import { BookPanel } from './BookPanel';
import { ConfirmRedeem } from './ConfirmRedeem';
import { Holder } from './Holder';
import { ReceiptClaim } from './ReceiptClaim';
import { type Offer, Rewards } from './Rewards';
import classes from './scanner.module.css';
import { useBooking } from './useBooking';

interface CardPanelProps {
  readonly code: string;
  readonly card: Card;
  readonly seenAt: number | null;
  readonly onBooked: (booked: Booked, scanned: Scanned) => void;
  readonly onClose: () => void;
}

/** A card on the counter: who, what they have, what can be done. */
export function CardPanel({ code, card, seenAt, onBooked, onClose }: CardPanelProps) {
  const { who } = useTill();
  const [offer, setOffer] = useState<Offer | null>(null);
  const scanned: Scanned = { code, membershipId: card.membership_id, who: card.customer.first_name, currency: card.currency };
  const told = (booked: Booked) => onBooked(booked, scanned);
  return (
    <div className={classes.desk}>
      <div className={classes.pane}>
        <Holder card={card} seenAt={seenAt} onClose={onClose} />
        <Balances balances={card.balances} tiers={card.tiers} goal={card.goal} currency={card.currency} />
        <Rewards card={card} timeZone={who.organization.time_zone} onRedeem={card.may.includes('redeem') ? setOffer : null} />
        {card.may.includes('purchase') && <ReceiptClaim scanned={scanned} onBooked={told} />}
      </div>
      <div className={`${classes.pane} ${classes.low}`}>
        {card.may.includes('purchase') ? (
          <BookPanel
            scanned={scanned}
            programId={card.program_id}
            kind={card.program_kind}
            paysWith={card.may.includes('pay') ? card.balances : null}
            onBooked={told}
          />
        ) : (
          <WhyNot card={card} />
        )}
      </div>
      <Redeem card={card} scanned={scanned} seenAt={seenAt} offer={offer} onBooked={told} onClose={() => setOffer(null)} />
    </div>
  );
}

/** Why nothing can be booked with this card, and who can change that. */
function WhyNot({ card }: { readonly card: Card }) {
  const { t } = useTranslation('scanner');
  const { may } = useTill();
  const key = !may('scans:write') ? 'mayNot' : card.membership_state === 'active' ? 'notNow' : card.membership_state;
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
