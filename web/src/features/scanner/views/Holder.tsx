import { ActionIcon, Avatar, Badge, Group, Text, Title } from '@mantine/core';
import { IconClockHour4, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { currentLanguage } from '@/lib/i18n';

import type { Card } from '../counter/cards';
import classes from './scanner.module.css';

interface HolderProps {
  readonly card: Card;
  /** When this was so, if there is no network. */
  readonly seenAt: number | null;
  readonly onClose: () => void;
}

/** Who stands at the counter. */
export function Holder({ card, seenAt, onClose }: HolderProps) {
  const { t } = useTranslation('scanner');
  const { first_name, full_name } = card.customer;
  const tier = card.tiers.find((each) => each.tier !== null)?.tier;
  return (
    <div>
      <Group wrap="nowrap" gap="sm" align="flex-start">
        <Avatar name={full_name || first_name || card.program_name} color="teal" size={52} radius="xl" aria-hidden />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Title order={1} size="h2" lh={1.2} lineClamp={3} dir="auto" className={classes.named}>
            {full_name || first_name || card.program_name}
          </Title>
          <Group gap="xs" mt={2}>
            <Text c="dimmed" truncate dir="auto" className={classes.named}>
              {card.program_name}
            </Text>
            {tier && (
              <Badge variant="light" color="yellow" size="lg" tt="none">
                {tier.name}
              </Badge>
            )}
          </Group>
        </div>
        <ActionIcon variant="default" size={44} radius="xl" aria-label={t('scan.close')} onClick={onClose}>
          <IconX aria-hidden />
        </ActionIcon>
      </Group>
      {seenAt !== null && (
        <Group gap={6} mt="xs" wrap="nowrap" className={classes.warning} role="status">
          <IconClockHour4 size={18} aria-hidden style={{ flexShrink: 0 }} />
          <Text size="sm">{t('offline.seen', { when: ago(seenAt) })}</Text>
        </Group>
      )}
    </div>
  );
}

/** How long ago, in the largest unit that says something. */
function ago(instant: number): string {
  const minutes = Math.round((instant - Date.now()) / 60_000);
  const words = new Intl.RelativeTimeFormat(currentLanguage(), { numeric: 'auto' });
  if (minutes === 0) return words.format(0, 'second');
  if (minutes > -60) return words.format(minutes, 'minute');
  return minutes > -60 * 24 ? words.format(Math.round(minutes / 60), 'hour') : words.format(Math.round(minutes / 1440), 'day');
}
