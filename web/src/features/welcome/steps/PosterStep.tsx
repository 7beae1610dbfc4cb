import { Anchor, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconDownload, IconGift, IconHome, IconPalette, IconPrinter, IconScan, IconTicket, IconUserPlus, type Icon } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { Fault } from '@/ui/Fault';
import type { Offering } from '@/ui/useOwnCard';

import { StepForm } from '../Frame';
import { forgetDraft } from '../model/draft';
import { offeringOf } from '../model/offering';
import { posterOf } from '../model/posters';
import type { StepProps } from '../step';
import styles from '../welcome.module.css';

/** The way to the first customer: a poster, and what to do next. */
export function PosterStep({ organization, draft, go }: StepProps) {
  const { t } = useTranslation('welcome');
  const navigate = useNavigate();
  const finish = () => {
    forgetDraft(organization.id);
    void navigate('/');
  };
  const made = offeringOf(draft);
  const family = made?.family ?? 'program';
  return (
    <StepForm title={t(`poster.title.${family}`)} lead={t(`poster.lead.${family}`)} action={t('poster.finish')} onBack={() => go('phone')} onSubmit={finish}>
      {made && <Drawn made={made} name={draft.answers?.name ?? organization.name} />}
      <Stack component="section" gap="sm" aria-labelledby="next">
        <Title order={2} size="h4" id="next">{t('poster.next')}</Title>
        <ul className={styles.next}>
          {made?.family === 'coupon' && <Next icon={IconTicket} to={`/coupons/${made.id}`} name="codes" />}
          {made?.family === 'gift_card' && <Next icon={IconGift} to="/gift-cards/sell" name="sell" />}
          {made?.family === 'ticket' && <Next icon={IconTicket} to={`/events/${made.id}`} name="tickets" />}
          <Next icon={IconScan} href="/scan" name="scan" />
          <Next icon={IconUserPlus} to="/team" name="team" />
          <Next icon={IconPalette} to="/designs" name="design" />
          <Next icon={IconHome} to="/" name="home" />
        </ul>
      </Stack>
    </StepForm>
  );
}

interface DrawnProps {
  readonly made: Offering;
  /** What the link is called when it has to be made. */
  readonly name: string;
}

/** The poster as the server prints it: the picture and the file come from the same lines. */
function Drawn({ made, name }: DrawnProps) {
  const { t } = useTranslation('welcome');
  const poster = useQuery({ queryKey: ['links', 'poster-of', made], staleTime: Infinity, queryFn: () => posterOf(made, name) });
  // The server takes its time to draw it.
  const [isDrawn, setDrawn] = useState(false);
  const file = `${poster.data?.base ?? ''}/poster.pdf`;
  return (
    <div className={styles.columns} data-even>
      <div className={styles.paper} aria-busy={!isDrawn && !poster.isError}>
        {poster.data && (
          <img src={`${poster.data.base}/poster.svg`} alt={t('poster.alt')} width={420} height={594} hidden={!isDrawn} onLoad={() => setDrawn(true)} onError={() => setDrawn(true)} />
        )}
        {!isDrawn && <Skeleton className={styles.sheet ?? ''} />}
      </div>
      <Stack gap="md">
        {poster.isError && <Fault fault={poster.error} retry={() => void poster.refetch()} />}
        <Text>{t(`poster.explain.${made.family}`)}</Text>
        {poster.data && (
          <>
            <Group>
              <Button component="a" href={file} download="poster.pdf" size="md" leftSection={<IconDownload size={20} aria-hidden />}>{t('poster.download')}</Button>
              <Button component="a" href={file} target="_blank" size="md" variant="default" leftSection={<IconPrinter size={20} aria-hidden />}>{t('poster.print')}</Button>
            </Group>
            {poster.data.editor !== null && (
              <Text size="sm">
                <Anchor component={Link} to={poster.data.editor}>{t('poster.edit')}</Anchor>
              </Text>
            )}
            <Text size="sm" c="dimmed">
              {t('poster.leadsTo')} <Anchor href={poster.data.url} target="_blank" rel="noopener" dir="ltr" size="sm">{poster.data.url.replace(/^https?:\/\//, '')}</Anchor>
            </Text>
          </>
        )}
        <Text size="sm" c="dimmed">{t('poster.hint')}</Text>
      </Stack>
    </div>
  );
}

interface NextProps {
  readonly icon: Icon;
  readonly name: string;
  readonly to?: string;
  /** Of another application of this server. */
  readonly href?: string;
}

function Next({ icon: Symbol, name, to, href }: NextProps) {
  const { t } = useTranslation('welcome');
  const inside = (
    <>
      <Symbol size={26} stroke={1.5} aria-hidden />
      <Text fw={600} mt={6}>{t(`poster.do.${name}`)}</Text>
      <Text size="sm" c="dimmed">{t(`poster.why.${name}`)}</Text>
    </>
  );
  return <li>{to === undefined ? <a className={styles.nextCard} href={href}>{inside}</a> : <Link className={styles.nextCard ?? ''} to={to}>{inside}</Link>}</li>;
}
