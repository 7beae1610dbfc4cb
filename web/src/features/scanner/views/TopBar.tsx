import { ActionIcon, Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconCloudUp, IconMenu2, IconWifi, IconWifiOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useTill } from '../till/context';
import { useReachable } from '../till/network';
import classes from './scanner.module.css';

interface TopBarProps {
  readonly refused: number;
  readonly onQueue: () => void;
  readonly onMenu: () => void;
}

/** Whose till it is, whether it is connected, and what waits: always in sight. */
export function TopBar({ refused, onQueue, onMenu }: TopBarProps) {
  const { t } = useTranslation('scanner');
  const { who, device, queued } = useTill();
  return (
    <header className={classes.bar}>
      <div className={classes.barName}>
        <Text fw={700} truncate lh={1.25} dir="auto" className={classes.named}>
          {who.organization.name}
        </Text>
        <Text size="sm" c="dimmed" truncate lh={1.25} dir="auto" className={classes.named}>
          {[device?.name, who.name].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Network queued={queued} refused={refused} onOpen={onQueue} />
      <ActionIcon variant="subtle" color="gray" size={44} aria-label={t('menu.open')} aria-haspopup="dialog" onClick={onMenu}>
        <IconMenu2 aria-hidden />
      </ActionIcon>
    </header>
  );
}

interface NetworkProps {
  readonly queued: number;
  readonly refused: number;
  readonly onOpen: () => void;
}

function Network({ queued, refused, onOpen }: NetworkProps) {
  const { t } = useTranslation('scanner');
  const reachable = useReachable();
  const [colour, Symbol] = refused > 0 ? (['red', IconAlertTriangle] as const) : !reachable ? (['yellow', IconWifiOff] as const) : queued > 0 ? (['yellow', IconCloudUp] as const) : (['teal', IconWifi] as const);
  const words = [
    reachable ? (queued + refused === 0 ? t('network.online') : null) : t('network.offline'),
    queued > 0 ? t('network.waiting', { count: queued }) : null,
    refused > 0 ? t('network.refused', { count: refused }) : null,
  ];
  return (
    <Button
      variant="light"
      color={colour}
      className={colour === 'yellow' ? classes.warning : undefined}
      radius="xl"
      h={44}
      px="sm"
      leftSection={<Symbol size={18} aria-hidden />}
      onClick={onOpen}
      aria-haspopup="dialog"
      aria-live="polite"
    >
      {words.filter(Boolean).join(' · ')}
    </Button>
  );
}
