import { useDocumentTitle } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Problem } from '@/lib/api';

import type { Booked, Scanned } from './counter/booking';
import { type Card, type Found, rememberCard, tellApart } from './counter/cards';
import { signal } from './input/sounds';
import { useWedge } from './input/useWedge';
import type { TillDatabase } from './offline/database';
import { useTill } from './till/context';
import { useToday } from './till/useToday';
import { CardPanel } from './views/CardPanel';
import { CouponPanel } from './views/CouponPanel';
import { DonePanel } from './views/DonePanel';
import { GiftCardPanel } from './views/GiftCardPanel';
import { MenuDrawer } from './views/MenuDrawer';
import { QueueDrawer } from './views/QueueDrawer';
import { type Refused, RefusedPanel } from './views/RefusedPanel';
import { ScanPanel } from './views/ScanPanel';
import { StrangerPanel } from './views/StrangerPanel';
import { TicketPanel } from './views/TicketPanel';
import { TodayDrawer } from './views/TodayDrawer';
import { TopBar } from './views/TopBar';
import classes from './views/scanner.module.css';

/** What lies on the counter. `turn` grows with every code, so that the same card scanned again begins anew. */
type Work =
  | { readonly at: 'scan' }
  | { readonly at: 'found'; readonly turn: number; readonly found: Found }
  | { readonly at: 'refused'; readonly refused: Refused }
  | { readonly at: 'done'; readonly booked: Booked; readonly scanned: Scanned; readonly card: Card | null };

type Shown = 'menu' | 'queue' | 'today' | null;

interface ScannerPageProps {
  /** Lets an operator sign in, where the till works by itself. */
  readonly onSignIn: () => void;
  readonly onSignOut: () => Promise<void>;
}

/** The card that was scanned before a coupon: the coupon may be personal. */
interface Holder {
  readonly code: string;
  readonly name: string;
}

/** The till: one card after the other. */
export function ScannerPage({ onSignIn, onSignOut }: ScannerPageProps) {
  const { t } = useTranslation('scanner');
  useDocumentTitle(t('title'));
  const { db, may } = useTill();
  const { unread } = useToday();
  const [work, setWork] = useState<Work>({ at: 'scan' });
  const [reading, setReading] = useState(false);
  const [shown, setShown] = useState<Shown>(null);
  const [holder, setHolder] = useState<Holder | null>(null);
  const turn = useRef(0);

  const next = () => {
    setHolder(null);
    setWork({ at: 'scan' });
  };
  const read = async (code: string) => {
    const mine = ++turn.current;
    setShown(null);
    setReading(true);
    signal('read');
    const result = await look(db, code, mine, may('rewards:redeem'));
    // Another card was scanned meanwhile: the last one counts.
    if (mine !== turn.current) return;
    setReading(false);
    setWork(result);
    if (result.at === 'refused') signal('refused');
    else if (result.found.kind !== 'coupon') setHolder(holderOf(result.found));
  };
  const onCode = (code: string) => void read(code);
  useWedge(onCode);

  const done = (card: Card | null) => (booked: Booked, scanned: Scanned) => {
    setWork({ at: 'done', booked, scanned, card });
    // Without a network the card is known as it is now.
    if (card && booked.balances.length > 0) {
      void rememberCard(db, scanned.code, { ...card, balances: booked.balances, rewards: [...booked.rewards] });
    }
  };

  return (
    <div className={classes.till}>
      <TopBar refused={unread.length} onQueue={() => setShown('queue')} onMenu={() => setShown('menu')} />
      <main className={classes.work}>
        {work.at === 'scan' && <ScanPanel reading={reading} onCode={onCode} onToday={() => setShown('today')} />}
        {work.at === 'found' && <FoundPanel key={work.turn} found={work.found} holder={holder} done={done} onClose={next} />}
        {work.at === 'refused' && (
          <RefusedPanel refused={work.refused} onAgain={() => onCode(work.refused.code)} onNext={next} onBooked={done(null)} />
        )}
        {work.at === 'done' && <DonePanel booked={work.booked} card={work.card} onNext={next} onAgain={() => onCode(work.scanned.code)} />}
      </main>
      <MenuDrawer opened={shown === 'menu'} onClose={() => setShown(null)} onSignIn={onSignIn} onSignOut={onSignOut} />
      <QueueDrawer opened={shown === 'queue'} unread={unread} onClose={() => setShown(null)} />
      <TodayDrawer opened={shown === 'today'} onClose={() => setShown(null)} />
    </div>
  );
}

interface FoundPanelProps {
  readonly found: Found;
  readonly holder: Holder | null;
  readonly done: (card: Card | null) => (booked: Booked, scanned: Scanned) => void;
  readonly onClose: () => void;
}

function FoundPanel({ found, holder, done, onClose }: FoundPanelProps) {
  switch (found.kind) {
    case 'card':
      return <CardPanel code={found.code} card={found.card} seenAt={found.seenAt} onBooked={done(found.card)} onClose={onClose} />;
    case 'stranger':
      return <StrangerPanel code={found.code} onBooked={done(null)} onClose={onClose} />;
    case 'coupon':
      return <CouponPanel code={found.code} coupon={found.coupon} holder={holder} onBooked={done(null)} onClose={onClose} />;
    case 'gift_card':
      return <GiftCardPanel code={found.code} giftCard={found.giftCard} onBooked={done(null)} onClose={onClose} />;
    case 'ticket':
      return <TicketPanel code={found.code} ticket={found.ticket} onBooked={done(null)} onClose={onClose} />;
  }
}

const holderOf = (found: Found): Holder | null =>
  found.kind === 'card' ? { code: found.code, name: found.card.customer.first_name || found.card.program_name } : null;

type Looked = Extract<Work, { at: 'found' | 'refused' }>;

async function look(db: TillDatabase, code: string, turn: number, mayRedeem: boolean): Promise<Looked> {
  try {
    return { at: 'found', turn, found: await tellApart(db, code) };
  } catch (fault) {
    const sentence = fault instanceof Error ? fault.message : String(fault);
    const mayBeHold = mayRedeem && fault instanceof Problem && fault.code === 'card_unknown';
    return { at: 'refused', refused: { code, sentence, mayBeHold } };
  }
}
