import { Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconBrandAndroid, IconBrandApple } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import styles from './simulator.module.css';
import { type PhoneName, usePhones } from './usePhones';

interface PhoneSimulatorProps {
  /** The page of the phones, as the server names it. */
  readonly address: string;
  /** A card to add: its own link, from which each phone takes what it knows. */
  readonly card?: string | undefined;
  /** Only this phone can take it, as with a file for Apple Wallet. */
  readonly only?: PhoneName;
}

const PHONES = [
  { phone: 'iphone', icon: IconBrandApple },
  { phone: 'android', icon: IconBrandAndroid },
] as const;

/** Two simulated phones, as whoever runs a demonstration provides them; a card is put on them with one click. */
export function PhoneSimulator({ address, card, only }: PhoneSimulatorProps) {
  const { t } = useTranslation('simulator');
  const { frame, isReady, opening, outcome, open } = usePhones(address);
  return (
    <Stack gap="xs">
      {card !== undefined && (
        <Group justify="center" gap="sm">
          {PHONES.filter(({ phone }) => only === undefined || phone === only).map(({ phone, icon: Symbol }) => (
            <Button
              key={phone}
              variant="light"
              leftSection={<Symbol size={18} aria-hidden />}
              disabled={!isReady}
              loading={opening === phone}
              onClick={() => open(phone, card)}
            >
              {t(`add.${phone}`)}
            </Button>
          ))}
        </Group>
      )}
      {/* What went well is seen on the phone. */}
      <div role="status">
        {outcome?.ok === false ? <Text size="sm" ta="center" c="var(--mantine-color-error)">{outcome.message}</Text> : <VisuallyHidden>{outcome?.message}</VisuallyHidden>}
      </div>
      <iframe ref={frame} className={styles.frame} src={address} title={t('title')} sandbox="allow-scripts allow-same-origin allow-modals allow-popups" />
    </Stack>
  );
}
