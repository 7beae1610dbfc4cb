import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Problem } from '@/lib/api';
import type { ScanAction } from '@/lib/scanActions';

import { checkIn, usualPlace } from './counter/admitting';
import { type Booked, type Scanned, recordVisit } from './counter/booking';
import { type Card, type Found, rememberCard, tellApart } from './counter/cards';
import { type Attempt, type ByItself, type Start, attemptWith, bookedByItself, unitsOfVisit, wasJustBooked } from './counter/starting';
import { signal } from './input/sounds';
import { useWedge } from './input/useWedge';
import type { TillDatabase } from './offline/database';
import { plainCode } from './offline/seen';
import { announceChange } from './till/changes';
import { useTill } from './till/context';
import { isReachable, isUnreachable } from './till/network';
import { preferences } from './till/preferences';
import { useDefaultAction } from './till/useDefaultAction';
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
  | { readonly at: 'found'; readonly turn: number; readonly found: Found; readonly start: Start }
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
  readonly scannedAt: number;
  readonly name: string;
}

/** The till: one card after the other. */
export function ScannerPage({ onSignIn, onSignOut }: ScannerPageProps) {
  const { t } = useTranslation('scanner');
  useDocumentTitle(t('title'));
  const till = useTill();
  const { db, may, counter } = till;
  const { unread } = useToday();
  const usual = useDefaultAction(till.device?.id ?? null, till.who.actor);
  const [once, setOnce] = useState<ScanAction | null>(null);
  const [work, setWork] = useState<Work>({ at: 'scan' });
  const [reading, setReading] = useState(false);
  const [shown, setShown] = useState<Shown>(null);
  const [holder, setHolder] = useState<Holder | null>(null);
  const turn = useRef(0);
  const bookingNow = useRef<string | null>(null);
  const unsure = useRef<Attempt | null>(null);

  const next = () => {
    setHolder(null);
    setWork({ at: 'scan' });
  };
  const read = async (code: string, scannedAt: number | undefined, action: ScanAction) => {
    // A hand that trembles before the camera: this very card is being booked.
    if (bookingNow.current === plainCode(code)) return;
    const mine = ++turn.current;
    setShown(null);
    setReading(true);
    signal('read');
    const looked = await look(db, code, scannedAt, mine, may('rewards:redeem'));
    // Another card was scanned meanwhile: the last one counts.
    if (mine !== turn.current) return;
    const result = looked.at === 'found' && looked.found.kind === 'card' ? await begin(looked, looked.found, action) : looked;
    if (mine !== turn.current) return;
    setReading(false);
    setOnce(null);
    setWork(result);
    if (result.at === 'refused') signal('refused');
    else if (looked.at === 'found' && looked.found.kind !== 'coupon') setHolder(holderOf(looked.found));
  };
  /** Book at once what the till is set to, or say why not. */
  const begin = async (looked: Extract<Work, { at: 'found' }>, found: FoundCard, action: ScanAction): Promise<Work> => {
    const { code, scannedAt, card } = found;
    const opened = (note: string | null): Work => ({ ...looked, start: { action, note } });
    const what = bookedByItself(action, card);
    if (what === null) return opened(null);
    if (what === 'check_in' && !may('checkins:write')) return opened(t('checkIn.mayNot'));
    // What the card shows says it then, if this till has ever checked anybody in.
    if (what === 'check_in' && !isReachable()) return opened(preferences().checksIn ? null : t('checkIn.needsNetwork'));
    if (wasJustBooked(await db.getAll('entries'), code, what)) return opened(t(what === 'visit' ? 'auto.again' : 'checkIn.again'));
    const scanned: Scanned = { code, scannedAt, membershipId: card.membership_id, who: card.customer.first_name, currency: card.currency };
    bookingNow.current = plainCode(code);
    try {
      const booked = await (what === 'visit' ? recordVisit(counter, scanned, unitsOfVisit(card)) : letInOrOut(scanned));
      signal(booked.entry.offline ? 'kept' : 'booked');
      keep(card, booked, scanned);
      return { at: 'done', booked, scanned, card };
    } catch (fault) {
      signal('refused');
      return opened(whyNot(fault, what));
    } finally {
      bookingNow.current = null;
      announceChange();
    }
  };
  /** Scanned again after nobody answered, it is the same check-in. */
  const letInOrOut = async (scanned: Scanned): Promise<Booked> => {
    const attempt = attemptWith(scanned.code, unsure.current);
    unsure.current = attempt;
    try {
      const booked = await checkIn(counter, scanned, attempt.id, await usualPlace(till.device, may('organization:read')), 'toggle');
      unsure.current = null;
      return booked;
    } catch (fault) {
      if (!isUnreachable(fault)) unsure.current = null;
      throw fault;
    }
  };
  const whyNot = (fault: unknown, what: ByItself): string => {
    if (what === 'check_in' && isUnreachable(fault)) return t('offline.unsure');
    if (fault instanceof Problem && fault.code === 'check_in_location_missing') return t('checkIn.where');
    return fault instanceof Error ? fault.message : String(fault);
  };
  const onCode = (code: string) => void read(code, undefined, once ?? usual);
  /** Look at the card again, as it was scanned; nothing is booked by itself. */
  const again = ({ code, scannedAt }: Scanned) => void read(code, scannedAt, 'ask');
  const main = useRef<HTMLElement>(null);
  // What is typed now is for this card: a button that was pressed before must not take the Enter.
  useEffect(() => {
    if (work.at === 'found') main.current?.focus({ preventScroll: true });
  }, [work]);
  useWedge(onCode);

  const done = (card: Card | null) => (booked: Booked, scanned: Scanned) => {
    setWork({ at: 'done', booked, scanned, card });
    if (card) keep(card, booked, scanned);
  };
  /** Without a network the card is known as it is now. */
  const keep = (card: Card, booked: Booked, { code }: Scanned) => {
    if (booked.balances.length > 0) void rememberCard(db, code, { ...card, balances: booked.balances, rewards: [...booked.rewards] });
  };

  return (
    <div className={classes.till}>
      <TopBar refused={unread.length} onQueue={() => setShown('queue')} onMenu={() => setShown('menu')} />
      <main className={classes.work} ref={main} tabIndex={-1}>
        {work.at === 'scan' && (
          <ScanPanel reading={reading} onCode={onCode} onToday={() => setShown('today')} action={once ?? (usual === 'ask' ? null : usual)} onOnce={setOnce} />
        )}
        {work.at === 'found' && <FoundPanel key={work.turn} found={work.found} start={work.start} holder={holder} done={done} onClose={next} />}
        {work.at === 'refused' && (
          <RefusedPanel refused={work.refused} onAgain={() => onCode(work.refused.code)} onNext={next} onBooked={done(null)} />
        )}
        {work.at === 'done' && <DonePanel booked={work.booked} card={work.card} onNext={next} onAgain={() => again(work.scanned)} />}
      </main>
      <MenuDrawer opened={shown === 'menu'} onClose={() => setShown(null)} onSignIn={onSignIn} onSignOut={onSignOut} />
      <QueueDrawer opened={shown === 'queue'} unread={unread} onClose={() => setShown(null)} />
      <TodayDrawer opened={shown === 'today'} onClose={() => setShown(null)} />
    </div>
  );
}

interface FoundPanelProps {
  readonly found: Found;
  readonly start: Start;
  readonly holder: Holder | null;
  readonly done: (card: Card | null) => (booked: Booked, scanned: Scanned) => void;
  readonly onClose: () => void;
}

function FoundPanel({ found, start, holder, done, onClose }: FoundPanelProps) {
  switch (found.kind) {
    case 'card':
      return <CardPanel code={found.code} scannedAt={found.scannedAt} start={start} card={found.card} seenAt={found.seenAt} onBooked={done(found.card)} onClose={onClose} />;
    case 'stranger':
      return <StrangerPanel code={found.code} scannedAt={found.scannedAt} onBooked={done(null)} onClose={onClose} />;
    case 'coupon':
      return <CouponPanel code={found.code} coupon={found.coupon} holder={holder} onBooked={done(null)} onClose={onClose} />;
    case 'gift_card':
      return <GiftCardPanel code={found.code} giftCard={found.giftCard} onBooked={done(null)} onClose={onClose} />;
    case 'ticket':
      return <TicketPanel code={found.code} ticket={found.ticket} onBooked={done(null)} onClose={onClose} />;
  }
}

const holderOf = (found: Found): Holder | null =>
  found.kind === 'card' ? { code: found.code, scannedAt: found.scannedAt, name: found.card.customer.first_name || found.card.program_name } : null;

type Looked = Extract<Work, { at: 'found' | 'refused' }>;
type FoundCard = Extract<Found, { kind: 'card' }>;

async function look(db: TillDatabase, code: string, scannedAt: number | undefined, turn: number, mayRedeem: boolean): Promise<Looked> {
  try {
    return { at: 'found', turn, found: await tellApart(db, code, scannedAt ?? Date.now()), start: { action: 'ask', note: null } };
  } catch (fault) {
    const sentence = fault instanceof Error ? fault.message : String(fault);
    const mayBeHold = mayRedeem && fault instanceof Problem && fault.code === 'card_unknown';
    return { at: 'refused', refused: { code, sentence, mayBeHold } };
  }
}
