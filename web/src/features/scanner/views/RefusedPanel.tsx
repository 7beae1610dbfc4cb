import { Button, Text, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { type Booked, type Scanned, redeemHold } from '../counter/booking';
import { useTill } from '../till/context';
import { Refusal } from './BookPanel';
import classes from './scanner.module.css';
import { useBooking } from './useBooking';

/** A code that was refused: the sentence of the server, and whether the code may be that of a reward set aside. */
export interface Refused {
  readonly code: string;
  readonly sentence: string;
  readonly mayBeHold: boolean;
}

interface RefusedPanelProps {
  readonly refused: Refused;
  readonly onAgain: () => void;
  readonly onNext: () => void;
  readonly onBooked: (booked: Booked, scanned: Scanned) => void;
}

/** Not possible, why, and what to do. */
export function RefusedPanel({ refused, onAgain, onNext, onBooked }: RefusedPanelProps) {
  const { t } = useTranslation('scanner');
  return (
    <div className={classes.desk}>
      <div className={`${classes.pane} ${classes.outcome}`} role="alert">
        <div className={classes.seal} data-tone="refused" aria-hidden>
          <IconX size={48} stroke={2.5} />
        </div>
        <Title order={1} size="h2">
          {t('refused.title')}
        </Title>
        <Text size="lg">{refused.sentence}</Text>
        <Text c="dimmed" ff="monospace" dir="ltr" style={{ wordBreak: 'break-all' }}>
          {refused.code}
        </Text>
      </div>
      <div className={classes.actions}>
        {refused.mayBeHold && <Hold code={refused.code} onBooked={onBooked} />}
        <Button size="lg" variant="default" mih={56} onClick={onAgain}>
          {t('refused.again')}
        </Button>
        <Button size="xl" onClick={onNext}>
          {t('scan.next')}
        </Button>
      </div>
    </div>
  );
}

function Hold({ code, onBooked }: { readonly code: string } & Pick<RefusedPanelProps, 'onBooked'>) {
  const { t } = useTranslation('scanner');
  const { counter, who } = useTill();
  const scanned: Scanned = { code, membershipId: null, who: '', currency: who.organization.currency };
  const { busy, problem, book } = useBooking((booked) => onBooked(booked, scanned));
  return (
    <>
      <Refusal problem={problem} />
      <Text size="sm" c="dimmed" ta="center" className={classes.aside}>
        {t('rewards.holdHint')}
      </Text>
      <Button size="lg" variant="light" mih={56} loading={busy} onClick={() => book(() => redeemHold(counter, scanned))}>
        {t('rewards.hold')}
      </Button>
    </>
  );
}
