import { Alert, Anchor, CopyButton, Button, Group, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle, IconBrandAndroid, IconBrandApple, IconCheck, IconDeviceDesktop, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { instant } from '@/lib/format';
import { useMay, useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { PhoneSimulator } from '@/ui/simulator/PhoneSimulator';
import { type Family, svgAddress, useInstallations, useOwnCard } from '@/ui/useOwnCard';

import { StepForm } from '../Frame';
import { offeringOf } from '../model/offering';
import type { StepProps } from '../step';
import styles from '../welcome.module.css';

type Installation = Schemas['InstallationOut'];
const WALLETS = [
  { wallet: 'apple', icon: IconBrandApple },
  { wallet: 'google', icon: IconBrandAndroid },
] as const;

/** The card on the merchant's own phone; a tick tells when it is there. */
export function PhoneStep({ organization, draft, go }: StepProps) {
  const { t } = useTranslation('welcome');
  const { data: me } = useMe();
  const made = offeringOf(draft);
  const card = useOwnCard(made);
  const { data: held = [] } = useInstallations(card.data?.pass_id);
  const simulator = me?.simulator_url ?? null;
  return (
    <StepForm title={t('phone.title')} lead={t('phone.lead')} action={t(held.length > 0 ? 'next' : 'phone.later')} onBack={() => go('card')} onSubmit={() => go('poster')}>
      {card.isError && <Fault fault={card.error} retry={() => void card.refetch()} />}
      <WithoutWallets />
      <div className={styles.columns} data-even>
        <Stack align="center" gap="sm">
          {card.data ? <img className={styles.qr} src={svgAddress(card.data.qr_svg)} alt={t('phone.code')} /> : <Skeleton w={260} h={260} radius="lg" />}
          <Text ta="center" maw={320}>{t('phone.scan')}</Text>
          {card.data && <Ways url={card.data.url} />}
          {made && card.data?.card && <RealOne family={made.family} giftCardId={card.data.card.gift_card_id} />}
        </Stack>
        <Stack gap="md">
          <Title order={2} size="h4">{t('phone.waiting')}</Title>
          <ul className={styles.ticks} aria-live="polite">
            {WALLETS.map(({ wallet, icon: Symbol }) => {
              const there = held.find((each) => each.wallet === wallet);
              return (
                <li key={wallet} className={styles.tick} data-done={there ? '' : undefined}>
                  <ThemeIcon className={styles.pop ?? ''} size={38} radius="xl" variant={there ? 'filled' : 'light'} color={there ? 'teal' : 'gray'}>
                    {there ? <IconCheck size={22} aria-hidden /> : <Symbol size={22} stroke={1.5} aria-hidden />}
                  </ThemeIcon>
                  <div>
                    <Text fw={600}>{t(`phone.${wallet}`)}</Text>
                    <Text size="sm" c="dimmed">{there ? t('phone.added', { time: instantOf(there, organization.time_zone) }) : t('phone.notYet')}</Text>
                  </div>
                </li>
              );
            })}
          </ul>
          <Text size="sm" c="dimmed">{t('phone.note')}</Text>
        </Stack>
      </div>
      {simulator !== null && (
        <Stack component="section" gap="sm" aria-labelledby="simulated">
          <div>
            <Title order={2} size="h4" id="simulated">{t('phone.simulated')}</Title>
            <Text c="dimmed">{t('phone.simulatedLead')}</Text>
          </div>
          <PhoneSimulator address={simulator} card={card.data?.url} />
        </Stack>
      )}
    </StepForm>
  );
}

const instantOf = ({ installed_at }: Installation, timeZone: string): string => instant(installed_at, timeZone);

function Ways({ url }: { readonly url: string }) {
  const { t } = useTranslation('welcome');
  const isHere = /^https?:\/\/(127\.|localhost|\[::1\])/.test(url);
  return (
    <>
      <Group gap="xs" justify="center">
        <Anchor href={url} target="_blank" rel="noreferrer" size="sm">{t('phone.open')}</Anchor>
        <CopyButton value={url}>{({ copied, copy }) => <Button size="compact-sm" variant="subtle" onClick={copy}>{t(copied ? 'common:copied' : 'common:copy')}</Button>}</CopyButton>
      </Group>
      {isHere && <Alert icon={<IconDeviceDesktop aria-hidden />} color="gray" maw={420}>{t('phone.onlyHere')}</Alert>}
    </>
  );
}

/** A coupon or gift card of one's own is like any other: it is used, and pays, at the till. */
function RealOne({ family, giftCardId }: { readonly family: Family; readonly giftCardId: string | null }) {
  const { t } = useTranslation('welcome');
  return (
    <Alert icon={<IconInfoCircle aria-hidden />} color="gray" maw={420}>
      {t(`phone.real.${family}`)} {giftCardId !== null && <Anchor component={Link} to={`/gift-cards/cards/${giftCardId}`} size="sm" c="inherit" underline="always">{t('phone.takeOff')}</Anchor>}
    </Alert>
  );
}

/** A server without certificates cannot fill wallets; the card then opens as a page. */
function WithoutWallets() {
  const { t } = useTranslation('welcome');
  const may = useMay();
  const health = useQuery({
    queryKey: ['reports', 'attention'],
    enabled: may('reports:read'),
    queryFn: async () => data(await api.GET('/api/v1/attention')),
  });
  if (!health.data?.items.some(({ kind }) => kind === 'wallets_missing')) return null;
  return (
    <Alert icon={<IconAlertTriangle aria-hidden />} color="orange" title={t('phone.noWallets')}>
      {t('phone.noWalletsHint')} <Anchor component={Link} to="/settings/wallets" size="sm">{t('phone.toWallets')}</Anchor>
    </Alert>
  );
}
