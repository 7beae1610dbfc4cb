import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconDownload, IconGift, IconHome, IconPalette, IconPrinter, IconScan, IconTicket, IconUserPlus, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { readableOn } from '@/lib/colours';
import { Fault } from '@/ui/Fault';

import { StepForm } from '../Frame';
import { MiniCard } from '../MiniCard';
import { forgetDraft } from '../model/draft';
import { offeringOf } from '../model/offering';
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
  const isProgram = made?.family === 'program';
  return (
    <StepForm
      title={t(isProgram ? 'poster.title' : 'poster.made')}
      lead={t(isProgram ? 'poster.lead' : `poster.madeLead.${draft.kind === 'coupon' ? 'coupon' : 'gift_card'}`)}
      action={t('poster.finish')}
      onBack={() => go('phone')}
      onSubmit={finish}
    >
      {made?.family === 'program' && <Poster organization={organization} programId={made.id} />}
      <Stack component="section" gap="sm" aria-labelledby="next">
        <Title order={2} size="h4" id="next">{t('poster.next')}</Title>
        <ul className={styles.next}>
          {draft.kind === 'coupon' && <Next icon={IconTicket} to={`/coupons/${draft.madeId ?? ''}`} name="codes" />}
          {draft.kind === 'gift_card' && <Next icon={IconGift} to="/gift-cards/sell" name="sell" />}
          <Next icon={IconScan} href="/scan" name="scan" />
          <Next icon={IconUserPlus} to="/team" name="team" />
          <Next icon={IconPalette} to="/designs" name="design" />
          <Next icon={IconHome} to="/" name="home" />
        </ul>
      </Stack>
    </StepForm>
  );
}

interface PosterProps {
  readonly organization: Schemas['OrganizationOut'];
  readonly programId: string;
}

function Poster({ organization, programId }: PosterProps) {
  const { t } = useTranslation('welcome');
  const path = { program_id: programId };
  const program = useQuery({ queryKey: ['programs', programId], queryFn: async () => data(await api.GET('/api/v1/programs/{program_id}', { params: { path } })) });
  const background = organization.brand.background ?? '#0f5c4d';
  const paper = { '--paper': background, '--ink': readableOn(background) } as React.CSSProperties;
  const logo = organization.brand.logo ? `/images/${organization.id}/${organization.brand.logo}.png` : undefined;
  const file = `/api/v1/programs/${programId}/poster.pdf`;
  return (
    <div className={styles.columns} data-even>
      <div className={styles.poster} style={paper} aria-hidden>
        <Text fw={600} fz="sm" dir="auto">{organization.name}</Text>
        <Text fw={750} fz={26} lh={1.15} dir="auto">{program.data?.name ?? ''}</Text>
        <div className={styles.posterCard}><MiniCard kind={program.data?.kind ?? 'brand'} colour={background} name={organization.name} logo={logo} /></div>
        <img className={styles.code} src={`/api/v1/programs/${programId}/qr.svg`} alt="" />
        <span className={styles.posterFoot}>{t('poster.scanMe')}</span>
      </div>
      <Stack gap="md">
        {program.isError && <Fault fault={program.error} retry={() => void program.refetch()} />}
        <Text>{t('poster.explain')}</Text>
        <Group>
          <Button component="a" href={file} download="poster.pdf" size="md" leftSection={<IconDownload size={20} aria-hidden />}>{t('poster.download')}</Button>
          <Button component="a" href={file} target="_blank" size="md" variant="default" leftSection={<IconPrinter size={20} aria-hidden />}>{t('poster.print')}</Button>
        </Group>
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
