import { Button, Group, Paper, RingProgress, Stack, Text, Title } from '@mantine/core';
import { type Icon, IconArrowBackUp, IconCheck, IconCloudUp, IconGift, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { wholeDay } from '@/lib/days';
import { money, whole } from '@/lib/format';
import { unitFigure } from '@/lib/units';

import type { Booked } from '../counter/booking';
import type { Card } from '../counter/cards';
import { undoLeft } from '../counter/undoing';
import type { Entry } from '../offline/database';
import { UNDO_MS } from '../offline/journal';
import { useTill } from '../till/context';
import { useNow } from '../till/useToday';
import { Balances } from './Balances';
import { Refusal } from './BookPanel';
import { offersOf } from './Rewards';
import classes from './scanner.module.css';
import { useUndo } from './useUndo';

interface DonePanelProps {
  readonly booked: Booked;
  /** The card that it was booked on, if there is one and it is known. */
  readonly card: Card | null;
  readonly onNext: () => void;
  /** Look at the card again, such as for a reward that is ready now. */
  readonly onAgain: () => void;
}

/** What was booked, and the way back. */
export function DonePanel({ booked, card, onNext, onAgain }: DonePanelProps) {
  const { t } = useTranslation('scanner');
  const { entries } = useTill();
  // The journal knows more than the moment of booking: it may have been sent, refused or taken back meanwhile.
  const entry = entries.find((one) => one.id === booked.entry.id) ?? booked.entry;
  const goneBack = entry.state === 'undone' || entry.state === 'undoing' || entry.state === 'rejected';
  const offer = goneBack || !card ? undefined : offersOf({ rewards: [...booked.rewards], issued_rewards: [] })[0];
  return (
    <div className={classes.desk}>
      <div className={`${classes.pane} ${classes.outcome}`} role="status">
        <Seal entry={entry} />
        <Headline entry={entry} went={booked.went} />
        {!goneBack && <Gains booked={booked} />}
        {!goneBack && card && booked.balances.length > 0 && (
          <Balances balances={booked.balances} goal={card.goal} currency={card.currency} />
        )}
        {!goneBack && booked.coupons.map((coupon) => <Next key={coupon.coupon_id} coupon={coupon} />)}
      </div>
      <div className={classes.actions}>
        {offer && (
          <Button size="lg" variant="light" mih={56} leftSection={<IconGift aria-hidden />} onClick={onAgain}>
            {t('done.nowReady', { name: offer.name })}
          </Button>
        )}
        <Undo entry={entry} />
        <Button size="xl" onClick={onNext} data-autofocus>
          {t('scan.next')}
        </Button>
      </div>
    </div>
  );
}

const SEALS: Readonly<Record<Entry['state'], readonly [tone: string, symbol: Icon]>> = {
  booked: ['booked', IconCheck],
  waiting: ['kept', IconCloudUp],
  rejected: ['refused', IconX],
  undoing: ['undone', IconArrowBackUp],
  undone: ['undone', IconArrowBackUp],
};

function Seal({ entry }: { readonly entry: Entry }) {
  const [tone, Symbol] = SEALS[entry.state];
  return (
    <div className={classes.seal} data-tone={tone} aria-hidden>
      <Symbol size={48} stroke={2.5} />
    </div>
  );
}

function Headline({ entry, went }: { readonly entry: Entry; readonly went: Booked['went'] }) {
  const { t } = useTranslation('scanner');
  const words = {
    purchase: 'done.booked',
    visit: 'done.booked',
    redemption: 'done.redeemed',
    renewal: 'done.renewed',
    coupon: 'done.used',
    gift_card: 'done.paid',
    ticket: went === 'out' ? 'done.out' : 'done.admitted',
    check_in: went === 'out' ? 'done.out' : 'done.in',
  } as const;
  const title = {
    booked: words[entry.kind],
    waiting: entry.kind === 'redemption' ? words.redemption : ('done.kept' as const),
    rejected: 'refused.title' as const,
    undoing: 'done.undoing' as const,
    undone: 'done.undone' as const,
  }[entry.state];
  return (
    <div>
      <Title order={1} size="h2">
        {t(title, { what: entry.what })}
      </Title>
      {entry.amount_minor > 0 && (
        <Text fz="1.75rem" fw={700} style={{ fontVariantNumeric: 'tabular-nums' }}>
          {money(entry.amount_minor, entry.currency)}
        </Text>
      )}
      {entry.who !== '' && (
        <Text size="lg" c="dimmed">
          <bdi>{entry.who}</bdi>
        </Text>
      )}
      {entry.state === 'waiting' && <Text mt="xs">{t('done.keptHint')}</Text>}
    </div>
  );
}

/** What a purchase brought in one program, promotions included: units are told in their smallest parts, money is one of them. */
function gainsOf({ accruals, balances, program_name }: Booked['earned'][number]) {
  const sums = new Map<string, number>();
  for (const { unit, amount } of accruals) sums.set(unit, (sums.get(unit) ?? 0) + amount);
  return [...sums]
    .filter(([, amount]) => amount > 0)
    .map(([unit, amount]) => {
      const balance = balances.find((one) => one.unit === unit);
      return { program: program_name, amount: balance ? unitFigure(amount, balance) : whole(amount) };
    });
}

function Gains({ booked }: { readonly booked: Booked }) {
  const { t } = useTranslation('scanner');
  const { discountMinor, stillToPayMinor, goodUntil, admitted, earned, entry } = booked;
  const gains = earned.flatMap(gainsOf);
  const why = gains.length === 0 ? earned.flatMap((one) => one.accruals.flatMap((accrual) => accrual.reasons)).at(-1)?.text : undefined;
  return (
    <Stack gap={4} align="center">
      {discountMinor !== null && discountMinor > 0 && <Text size="lg">{t('done.off', { amount: money(discountMinor, entry.currency) })}</Text>}
      {stillToPayMinor !== null && (
        <Text fz="xl" fw={700}>
          {t('done.rest', { amount: money(stillToPayMinor, entry.currency) })}
        </Text>
      )}
      {goodUntil !== null && <Text size="lg">{t('term.active', { day: wholeDay(goodUntil) })}</Text>}
      {admitted !== null && (
        <Text size="lg">
          {admitted.issued === null ? t('done.present', { number: whole(admitted.used) }) : t('done.inside', { used: whole(admitted.used), issued: whole(admitted.issued) })}
        </Text>
      )}
      {gains.length > 0 && (
        <Group gap="lg" justify="center" align="flex-start">
          {gains.map(({ amount, program }, place) => (
            <div key={place}>
              <Text fz="2rem" fw={700} lh={1.2} dir="ltr" c="var(--mantine-color-teal-light-color)">
                {t('done.earned', { amount })}
              </Text>
              {gains.length > 1 && (
                <Text size="sm" c="dimmed">
                  <bdi>{program}</bdi>
                </Text>
              )}
            </div>
          ))}
        </Group>
      )}
      {earned.length > 0 && gains.length === 0 && <Text>{why ?? t('done.nothing')}</Text>}
    </Stack>
  );
}

/** What the purchase gave for the next one, for the cashier to read out or to write on the receipt. */
function Next({ coupon: { text, code } }: { readonly coupon: Booked['coupons'][number] }) {
  const { t } = useTranslation('scanner');
  return (
    <Paper withBorder radius="md" px="lg" py="sm" mt="sm" component="section" aria-label={t('done.next')}>
      <Text fw={600} dir="auto">
        {text}
      </Text>
      <Text ff="monospace" size="lg" dir="ltr">
        {code}
      </Text>
    </Paper>
  );
}

/** Takes it back; the ring and the clock say for how much longer a cashier may. */
export function Undo({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation('scanner');
  const now = useNow(1_000);
  const { busy, problem, takeBack } = useUndo();
  const left = undoLeft(entry, now);
  const clock = `${Math.floor(left / 60_000)}:${String(Math.floor((left % 60_000) / 1000)).padStart(2, '0')}`;
  return (
    <>
      <Refusal problem={problem ?? (entry.unread ? entry.reason : null)} />
      {left > 0 && (
        <Button
          size="lg"
          variant="default"
          mih={56}
          loading={busy}
          onClick={() => takeBack(entry)}
          leftSection={<RingProgress size={32} thickness={4} sections={[{ value: (100 * left) / UNDO_MS, color: 'teal' }]} aria-hidden />}
        >
          {t('done.undoFor', { left: clock })}
        </Button>
      )}
    </>
  );
}
