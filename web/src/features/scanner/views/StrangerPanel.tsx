import { ActionIcon, Group, Text, Title } from '@mantine/core';
import { IconCreditCard, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Booked, Scanned } from '../counter/booking';
import { endOf } from '../offline/seen';
import { useTill } from '../till/context';
import { BookPanel } from './BookPanel';
import classes from './scanner.module.css';

interface StrangerPanelProps {
  readonly code: string;
  readonly scannedAt: number;
  readonly onBooked: (booked: Booked, scanned: Scanned) => void;
  readonly onClose: () => void;
}

/** A card that this till has not seen lately, without a network: what is bought is kept all the same. */
export function StrangerPanel({ code, scannedAt, onBooked, onClose }: StrangerPanelProps) {
  const { t } = useTranslation('scanner');
  const { who } = useTill();
  const scanned: Scanned = { code, scannedAt, membershipId: null, who: '', currency: who.organization.currency };
  return (
    <div className={classes.desk}>
      <div className={classes.pane}>
        <Group wrap="nowrap" align="flex-start" gap="sm">
          <IconCreditCard size={48} stroke={1.4} aria-hidden style={{ flexShrink: 0 }} />
          <Title order={1} size="h3" flex={1} style={{ wordBreak: 'break-all' }}>
            {t('offline.stranger', { code: endOf(code) })}
          </Title>
          <ActionIcon variant="default" size={44} radius="xl" aria-label={t('scan.close')} onClick={onClose}>
            <IconX aria-hidden />
          </ActionIcon>
        </Group>
        <Text c="dimmed">{t('offline.strangerHint')}</Text>
      </div>
      <div className={`${classes.pane} ${classes.low}`}>
        <BookPanel scanned={scanned} programId="" kind="points" paysWith={null} onBooked={(booked) => onBooked(booked, scanned)} />
      </div>
    </div>
  );
}
