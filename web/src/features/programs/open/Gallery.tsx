import { Button, Card, Group, SimpleGrid, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconDiscount, IconGift, IconTicket, type Icon } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useMay, useMe } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { Page } from '@/ui/Page';

import { KIND_ICONS } from '../ProgramList';

import { OpenProgramForm } from './OpenProgramForm';
import { KINDS, type Kind } from './opening';

const ELSEWHERE = [
  { name: 'coupon', icon: IconDiscount, to: '/coupons/new', scope: 'coupons:write' },
  { name: 'giftCard', icon: IconGift, to: '/gift-cards/products/new', scope: 'giftcards:write' },
  { name: 'ticket', icon: IconTicket, to: '/events/new', scope: 'tickets:write' },
] as const;

/** What can be opened, each with a picture of what it is for; then its form. */
export function Gallery() {
  const { t } = useTranslation('programs');
  const { data: me } = useMe();
  const may = useMay();
  const [chosen, setChosen] = useState<Kind | null>(null);
  if (chosen && me) return <OpenProgramForm kind={chosen} currency={me.organization.currency} onBack={() => setChosen(null)} />;
  return (
    <>
      <BackLink to="/programs" label={t('title')} />
      <Page title={t('open.title')} lead={t('open.lead')}>
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
          {KINDS.map((kind) => (
            <Offer key={kind} icon={KIND_ICONS[kind]} name={kind}>
              <Button variant="light" fullWidth aria-label={t('open.choose', { kind: t(`kind.${kind}`) })} onClick={() => setChosen(kind)}>
                {t('open.take')}
              </Button>
            </Offer>
          ))}
          {ELSEWHERE.filter(({ scope }) => may(scope)).map(({ name, icon, to }) => (
            <Offer key={name} icon={icon} name={name}>
              <Button variant="light" fullWidth component={Link} to={to} aria-label={t('open.choose', { kind: t(`kind.${name}`) })}>
                {t('open.take')}
              </Button>
            </Offer>
          ))}
        </SimpleGrid>
      </Page>
    </>
  );
}

interface OfferProps {
  readonly icon: Icon;
  readonly name: string;
  readonly children: ReactNode;
}

function Offer({ icon: Symbol, name, children }: OfferProps) {
  const { t } = useTranslation('programs');
  return (
    <Card withBorder component="article">
      <Stack h="100%" justify="space-between">
        <div>
          <Group gap="sm" mb={6} wrap="nowrap">
            <ThemeIcon size={40} radius="md" variant="light"><Symbol size={24} stroke={1.6} aria-hidden /></ThemeIcon>
            <Title order={2} size="h4">{t(`kind.${name}`)}</Title>
          </Group>
          <Text size="sm">{t(`kindHint.${name}`)}</Text>
          <Text size="sm" c="dimmed" mt={4}>{t(`kindExample.${name}`)}</Text>
        </div>
        {children}
      </Stack>
    </Card>
  );
}
