import { Alert, Button, Drawer, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCloudCheck, IconCloudUp, IconWifiOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { instant, money } from '@/lib/format';

import type { Entry } from '../offline/database';
import { markRead } from '../offline/journal';
import { endOf } from '../offline/seen';
import { announceChange } from '../till/changes';
import { useTill } from '../till/context';
import { useReachable } from '../till/network';

interface QueueDrawerProps {
  readonly opened: boolean;
  readonly unread: readonly Entry[];
  readonly onClose: () => void;
}

/** What waits for the network, and what the server refused when it came back. */
export function QueueDrawer({ opened, unread, onClose }: QueueDrawerProps) {
  const { t } = useTranslation(['scanner', 'common']);
  return (
    <Drawer opened={opened} onClose={onClose} position="right" title={t('queue.title')} closeButtonProps={{ 'aria-label': t('common:close'), size: 44 }}>
      <Stack gap="xl">
        <Waiting />
        <Refused unread={unread} />
      </Stack>
    </Drawer>
  );
}

function Waiting() {
  const { t } = useTranslation('scanner');
  const { device, queued, queueFault } = useTill();
  const reachable = useReachable();
  const Symbol = !reachable ? IconWifiOff : queued > 0 ? IconCloudUp : IconCloudCheck;
  return (
    <Stack gap="sm">
      <Group wrap="nowrap" align="flex-start">
        <ThemeIcon size={48} radius="xl" variant="light" color={reachable && queued === 0 ? 'teal' : 'yellow'}>
          <Symbol aria-hidden />
        </ThemeIcon>
        <div>
          <Text fw={700}>{t(reachable ? 'network.online' : 'network.offline')}</Text>
          <Text>{t('queue.waiting', { count: queued })}</Text>
        </div>
      </Group>
      {queued > 0 && <Text c="dimmed">{t('queue.sending')}</Text>}
      {queueFault !== null && (
        <Alert color="red" role="alert">
          {t('queue.stuck', { reason: queueFault })}
        </Alert>
      )}
      {!device && <Text c="dimmed">{`${t('pair.not')} ${t('pair.askOwner')}`}</Text>}
    </Stack>
  );
}

function Refused({ unread }: { readonly unread: readonly Entry[] }) {
  const { t } = useTranslation('scanner');
  const { db, who } = useTill();
  const read = async () => {
    await markRead(
      db,
      unread.map((entry) => entry.id),
    );
    announceChange();
  };
  if (unread.length === 0) return <Text c="dimmed">{t('queue.noneRefused')}</Text>;
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t('queue.refused')}
      </Title>
      <Text c="dimmed">{t('queue.refusedHint')}</Text>
      {unread.map((entry) => (
        <Alert key={entry.id} color="red" title={<bdi>{entry.who || t('today.unknown', { code: endOf(entry.code) })}</bdi>}>
          <Text size="sm" fw={600}>
            {[
              instant(entry.at, who.organization.time_zone),
              entry.amount_minor > 0 ? money(entry.amount_minor, entry.currency) : t(`today.${entry.kind}`),
              entry.what,
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
          <Text>{entry.reason}</Text>
        </Alert>
      ))}
      <Button variant="default" size="lg" onClick={() => void read()}>
        {t('queue.read')}
      </Button>
    </Stack>
  );
}
