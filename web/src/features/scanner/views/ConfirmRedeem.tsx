import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconGift } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { whole } from '@/lib/format';
import { namedAmount } from '@/lib/units';

import type { Card } from '../counter/cards';
import type { Offer } from './Rewards';

interface ConfirmRedeemProps {
  readonly card: Card;
  /** `null`: nothing is asked. */
  readonly offer: Offer | null;
  readonly offline: boolean;
  readonly busy: boolean;
  /** Why it was refused. */
  readonly problem: string | null;
  readonly onGive: () => void;
  readonly onClose: () => void;
}

/** What is given away cannot always be fetched back: ask before. */
export function ConfirmRedeem({ card, offer, offline, busy, problem, onGive, onClose }: ConfirmRedeemProps) {
  const { t } = useTranslation(['scanner', 'common']);
  const who = card.customer.first_name || card.program_name;
  const price = offer?.price == null ? null : priceOf(card, offer.unitId, offer.price);
  return (
    <Modal opened={offer !== null} onClose={onClose} title={t('rewards.confirm')} centered closeButtonProps={{ 'aria-label': t('common:close') }}>
      <Stack>
        <Group gap="sm" wrap="nowrap">
          <IconGift size={36} stroke={1.5} aria-hidden style={{ flexShrink: 0 }} />
          <Text fz="xl" fw={700} lh={1.2}>
            {offer?.name}
          </Text>
        </Group>
        <Text>{price === null ? t('rewards.confirmGift', { who }) : t('rewards.confirmPrice', { price, who })}</Text>
        {offline && <Text c="dimmed">{t('rewards.confirmOffline')}</Text>}
        {problem !== null && (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        )}
        <Button size="xl" loading={busy} onClick={onGive} data-autofocus>
          {t('rewards.give')}
        </Button>
        <Button size="lg" variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
      </Stack>
    </Modal>
  );
}

/** What a reward costs; with its word when the card has that unit. */
function priceOf(card: Card, unitId: string | null, price: number): string {
  const unit = card.balances.find((balance) => balance.unit_id === unitId);
  return unit ? namedAmount(price, unit) : whole(price);
}
