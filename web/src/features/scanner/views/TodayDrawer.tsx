import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { money, whole } from '@/lib/format';
import { currentLanguage } from '@/lib/i18n';
import { Empty } from '@/ui/Empty';

import { undoLeft } from '../counter/undoing';
import type { Entry } from '../offline/database';
import { endOf } from '../offline/seen';
import { useTill } from '../till/context';
import { useNow, useToday } from '../till/useToday';
import { Refusal } from './BookPanel';
import classes from './scanner.module.css';
import { useUndo } from './useUndo';

interface DrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** What the operator did here today: how much it was, and each of it, to take back. */
export function TodayDrawer({ opened, onClose }: DrawerProps) {
  const { t } = useTranslation(['scanner', 'common']);
  return (
    <Drawer opened={opened} onClose={onClose} position="right" title={t('today.title')} closeButtonProps={{ 'aria-label': t('common:close'), size: 44 }}>
      <Contents />
    </Drawer>
  );
}

function Contents() {
  const { t } = useTranslation('scanner');
  const { entries, count, sums } = useToday();
  if (entries.length === 0) return <Empty icon={IconReceipt} title={t('today.none')} hint={t('today.noneHint')} />;
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Figure label={t('today.lead')} values={[t('today.count', { count })]} />
        <Figure label={t('today.sum')} values={sums.map((sum) => money(sum.amount_minor, sum.currency))} />
      </Group>
      <Stack gap={0} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {entries.map((entry) => (
          <Line key={entry.id} entry={entry} />
        ))}
      </Stack>
    </Stack>
  );
}

function Figure({ label, values }: { readonly label: string; readonly values: readonly string[] }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      {values.map((value) => (
        <Text key={value} fz="xl" fw={700}>
          {value}
        </Text>
      ))}
    </div>
  );
}

function Line({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation('scanner');
  const { who } = useTill();
  const now = useNow(15_000);
  const { busy, problem, takeBack } = useUndo();
  const gone = entry.state === 'undone' || entry.state === 'undoing' || entry.state === 'rejected';
  const time = new Intl.DateTimeFormat(currentLanguage(), { timeStyle: 'short', timeZone: who.organization.time_zone });
  return (
    <Stack component="li" gap={4} py="sm" style={{ borderBlockEnd: '1px solid var(--mantine-color-default-border)' }}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} truncate dir="auto" className={classes.named}>
            {entry.who || t('today.unknown', { code: endOf(entry.code) })}
          </Text>
          <Text size="sm" c="dimmed">
            {[time.format(new Date(entry.at)), t(`today.${entry.kind}`), entry.what === entry.who ? '' : entry.what].filter(Boolean).join(' · ')}
          </Text>
          {entry.state !== 'booked' && (
            <Text size="sm" fw={600} className={entry.state === 'rejected' ? classes.refused : classes.warning}>
              {t(`today.state.${entry.state}`)}
            </Text>
          )}
        </div>
        <Stack gap={4} align="flex-end">
          <Text fw={700} td={gone ? 'line-through' : undefined} style={{ whiteSpace: 'nowrap' }}>
            {entry.amount_minor > 0 ? money(entry.amount_minor, entry.currency) : entry.units === null ? '' : <bdi dir="ltr">{`+${whole(entry.units)}`}</bdi>}
          </Text>
          {undoLeft(entry, now) > 0 && (
            <Button variant="default" size="sm" h={44} loading={busy} onClick={() => takeBack(entry)}>
              {t('done.undo')}
            </Button>
          )}
        </Stack>
      </Group>
      <Refusal problem={problem ?? entry.reason} />
    </Stack>
  );
}
