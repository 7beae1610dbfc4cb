import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconGift } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { lastDay } from '@/lib/format';
import { RewardPicture } from '@/ui/RewardPicture';

import type { Card, ReadyReward } from '../counter/cards';
import { partOf } from './Balances';

/** A reward that may be given now: for its price, or because it was issued before. */
export interface Offer {
  readonly key: string;
  readonly rewardId: string;
  readonly issuedId: string | null;
  readonly name: string;
  readonly price: number | null;
  readonly unitId: string | null;
  readonly times: number;
  readonly expiresAt: string | null;
  readonly picture: string | null;
}

export function offersOf(card: Pick<Card, 'rewards' | 'issued_rewards'>): Offer[] {
  const pictures = new Map(card.rewards.map(({ reward_id, image_url }) => [reward_id, image_url]));
  const issued = card.issued_rewards.map(({ id, reward_id, name, expires_at }) => ({
    ...{ key: id, rewardId: reward_id, issuedId: id, name, picture: pictures.get(reward_id) ?? null },
    ...{ price: null, unitId: null, times: 1, expiresAt: expires_at },
  }));
  const ready = card.rewards
    .filter((reward) => reward.ready_count > 0 && reward.price !== null)
    .map(({ reward_id, name, unit_id, price, ready_count, image_url }) => ({
      ...{ key: reward_id, rewardId: reward_id, issuedId: null, name, picture: image_url },
      ...{ price, unitId: unit_id, times: ready_count, expiresAt: null },
    }));
  return [...issued, ...ready];
}

interface RewardsProps {
  readonly card: Card;
  readonly timeZone: string;
  /** `null` for somebody who may not redeem. */
  readonly onRedeem: ((offer: Offer) => void) | null;
}

/** What is ready, in buttons; what comes next, in words. */
export function Rewards({ card, timeZone, onRedeem }: RewardsProps) {
  const { t } = useTranslation('scanner');
  const offers = offersOf(card);
  const coming = card.rewards.filter((reward) => reward.ready_count === 0 && reward.issued_count === 0 && reward.price !== null);
  if (offers.length + coming.length === 0) return null;
  return (
    <Stack gap="xs" component="section">
      {offers.length > 0 && (
        <Title order={2} size="h5">
          {t('rewards.ready')}
        </Title>
      )}
      {offers.map((offer) => (
        <Button
          key={offer.key}
          size="lg"
          variant="light"
          fullWidth
          h="auto"
          mih={50}
          py={6}
          justify="flex-start"
          leftSection={<RewardPicture address={offer.picture} width={66} fallback={<IconGift aria-hidden />} />}
          rightSection={offer.times > 1 ? <Badge size="lg">{t('rewards.times', { count: offer.times })}</Badge> : null}
          styles={{ label: { flex: 1, whiteSpace: 'normal', lineHeight: 1.3 } }}
          disabled={onRedeem === null}
          onClick={() => onRedeem?.(offer)}
          aria-haspopup="dialog"
          aria-label={t('rewards.redeemNamed', { name: offer.name })}
        >
          <span style={{ textAlign: 'start', width: '100%' }}>
            {offer.name}
            {offer.expiresAt !== null && (
              <Text span display="block" size="sm">
                {t('rewards.until', { day: lastDay(offer.expiresAt, timeZone) })}
              </Text>
            )}
          </span>
        </Button>
      ))}
      <Coming rewards={coming} balances={card.balances} />
    </Stack>
  );
}

/** As many as a cashier reads while somebody waits. */
const MOST = 3;

function Coming({ rewards, balances }: { readonly rewards: readonly ReadyReward[]; readonly balances: Card['balances'] }) {
  const { t } = useTranslation('scanner');
  return rewards
    .toSorted((one, other) => one.missing - other.missing)
    .slice(0, MOST)
    .map((reward) => (
      <Group key={reward.reward_id} gap="xs" wrap="nowrap" c="dimmed">
        <IconGift size={18} stroke={1.6} aria-hidden style={{ flexShrink: 0 }} />
        <Text size="sm">
          {reward.held_back === null
            ? t('rewards.missing', { missing: partOf(balances, reward.unit_id, reward.missing), name: reward.name })
            : `${reward.name}: ${t(`rewards.held.${reward.held_back}`)}`}
        </Text>
      </Group>
    ));
}
