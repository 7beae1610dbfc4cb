import { Anchor, Button, Divider, Drawer, Group, Stack, Switch, Text } from '@mantine/core';
import { IconDownload, IconLogin2, IconLogout } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ColourSchemeButton } from '@/ui/ColourSchemeButton';
import { Fault } from '@/ui/Fault';
import { LanguageMenu } from '@/ui/LanguageMenu';

import { signal } from '../input/sounds';
import { useTill } from '../till/context';
import { prefer, usePreferences } from '../till/preferences';
import { useNewVersion } from '../till/useNewVersion';
import { Pairing } from './Pairing';

interface MenuDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onSignIn: () => void;
  readonly onSignOut: () => Promise<void>;
}

/** How this till works, and who works at it. */
export function MenuDrawer({ opened, onClose, onSignIn, onSignOut }: MenuDrawerProps) {
  const { t } = useTranslation(['scanner', 'common']);
  return (
    <Drawer opened={opened} onClose={onClose} position="right" title={t('menu.title')} closeButtonProps={{ 'aria-label': t('common:close'), size: 44 }}>
      <Stack gap="lg">
        <NewVersion />
        <Likings />
        <Divider />
        <Pairing />
        <Divider />
        <Operator
          onSignIn={() => {
            onClose();
            onSignIn();
          }}
          onSignOut={onSignOut}
        />
      </Stack>
    </Drawer>
  );
}

function NewVersion() {
  const { t } = useTranslation('scanner');
  const takeOver = useNewVersion();
  return takeOver === null ? null : (
    <Button size="lg" leftSection={<IconDownload aria-hidden />} onClick={takeOver}>
      {`${t('menu.version')} · ${t('menu.takeOver')}`}
    </Button>
  );
}

function Likings() {
  const { t } = useTranslation(['scanner', 'common']);
  const { sound, vibration } = usePreferences();
  return (
    <Stack gap="md">
      <Switch
        size="lg"
        label={t('menu.sound')}
        checked={sound}
        onChange={(event) => {
          prefer({ sound: event.currentTarget.checked });
          signal('booked');
        }}
      />
      <Switch
        size="lg"
        label={t('menu.vibration')}
        checked={vibration}
        onChange={(event) => {
          prefer({ vibration: event.currentTarget.checked });
          signal('booked');
        }}
      />
      <Group justify="space-between">
        <Text>{t('common:language')}</Text>
        <LanguageMenu />
      </Group>
      <Group justify="space-between">
        <Text>{t('menu.scheme')}</Text>
        <ColourSchemeButton />
      </Group>
    </Stack>
  );
}

function Operator({ onSignIn, onSignOut }: Pick<MenuDrawerProps, 'onSignIn' | 'onSignOut'>) {
  const { t } = useTranslation(['scanner', 'common']);
  const { who } = useTill();
  const [fault, setFault] = useState<unknown>(null);
  const byItself = !who.actor.startsWith('opr_');
  return (
    <Stack gap="sm">
      <Text c="dimmed">{byItself ? t('menu.asTill') : t('menu.operator', { name: who.name ?? '' })}</Text>
      {fault !== null && <Fault fault={fault} />}
      {byItself ? (
        <Button size="lg" variant="default" leftSection={<IconLogin2 aria-hidden />} onClick={onSignIn}>
          {t('menu.signIn')}
        </Button>
      ) : (
        <Button size="lg" variant="default" leftSection={<IconLogout aria-hidden />} onClick={() => void onSignOut().catch(setFault)}>
          {t('common:signOut')}
        </Button>
      )}
      {!byItself && (
        <Anchor href="/app" ta="center" py="xs">
          {t('menu.dashboard')}
        </Anchor>
      )}
    </Stack>
  );
}
