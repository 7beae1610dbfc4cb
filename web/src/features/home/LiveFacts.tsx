import { Card, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import {
  IconArrowBackUp,
  IconBolt,
  IconCreditCard,
  IconDeviceMobile,
  IconGift,
  IconMapPin,
  IconShoppingBag,
  IconUserPlus,
  type Icon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant, money } from '@/lib/format';

import classes from './Home.module.css';
import type { LiveFact, LiveState } from './useLive';

const ICONS: Record<string, Icon> = {
  'purchase.recorded': IconShoppingBag,
  'purchase.refunded': IconArrowBackUp,
  'purchase.voided': IconArrowBackUp,
  'visit.recorded': IconMapPin,
  'visit.undone': IconArrowBackUp,
  'check_in.opened': IconMapPin,
  'check_in.undone': IconArrowBackUp,
  'reward.issued': IconGift,
  'reward.redeemed': IconGift,
  'reward.redemption_undone': IconArrowBackUp,
  'reward.cancelled': IconArrowBackUp,
  'member.enrolled': IconUserPlus,
  'pass.issued': IconCreditCard,
  'pass.installed': IconDeviceMobile,
  'pass.removed': IconDeviceMobile,
};

/** Whether the page hears what happens. */
export function LiveBadge({ state }: { readonly state: LiveState }) {
  const { t } = useTranslation('home');
  return (
    <Group gap={8} role="status">
      <span className={classes.pulse} data-live={state === 'live' || undefined} aria-hidden />
      <Text size="sm" c="dimmed">
        {t(`live.${state}`)}
      </Text>
    </Group>
  );
}

interface LiveFactsProps {
  readonly facts: readonly LiveFact[];
  readonly timeZone: string;
}

/** What happens now, newest first. */
export function LiveFacts({ facts, timeZone }: LiveFactsProps) {
  const { t } = useTranslation('home');
  return (
    <Card withBorder h="100%">
      <Title order={2} size="h4">
        {t('live.title')}
      </Title>
      {facts.length === 0 ? (
        <Group mt="sm" gap="sm" wrap="nowrap">
          <ThemeIcon variant="light" radius="xl" size="lg">
            <IconBolt size={18} aria-hidden />
          </ThemeIcon>
          <Text c="dimmed" size="sm">
            {t('live.quiet')}
          </Text>
        </Group>
      ) : (
        <Stack gap="xs" mt="sm" component="ul" p={0} m={0} aria-live="polite" style={{ listStyle: 'none' }}>
          {facts.map((fact) => (
            <Told key={fact.id} fact={fact} timeZone={timeZone} />
          ))}
        </Stack>
      )}
    </Card>
  );
}

function Told({ fact, timeZone }: { readonly fact: LiveFact; readonly timeZone: string }) {
  const { t } = useTranslation('home');
  const Symbol = ICONS[fact.name] ?? IconBolt;
  const locations = useQuery({
    queryKey: ['locations', 'all'],
    queryFn: async () => data(await api.GET('/api/v1/locations', { params: { query: { limit: 200 } } })).items,
    staleTime: 300_000,
  });
  const place = locations.data?.find(({ id }) => id === fact.location_id)?.name;
  const amount = fact.amount_minor !== undefined && fact.currency ? money(fact.amount_minor, fact.currency) : null;
  return (
    <Group component="li" gap="sm" wrap="nowrap" className={classes.fresh} p={4}>
      <ThemeIcon variant="light" radius="xl">
        <Symbol size={16} aria-hidden />
      </ThemeIcon>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm">{t(`fact.${fact.name.replace('.', '_')}`)}</Text>
        <Text size="xs" c="dimmed" truncate>
          {[instant(fact.occurred_at, timeZone), place].filter(Boolean).join(' · ')}
        </Text>
      </div>
      {amount !== null && (
        <Text size="sm" fw={700} component="bdi">
          {amount}
        </Text>
      )}
    </Group>
  );
}
