import { Alert, Paper, Stack } from '@mantine/core';
import { IconArchive } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Route, Routes, useParams } from 'react-router';

import { useMay } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { SectionNav } from '@/ui/SectionNav';

import { EmbedPanel } from '../embed/EmbedPanel';
import { PeriodPicker, usePeriod } from '../PeriodPicker';
import { PosterPanel } from '../poster/PosterPanel';
import { printedLink } from '../poster/poster';
import { QrStudio } from '../qr/QrStudio';
import { type JoinLink, useFigures, useLink, usePrograms } from '../requests';

import { CopyAddress } from './CopyAddress';
import { FigureStrip } from './FigureStrip';
import { LinkSettings } from './LinkForm';
import { LinkMenu } from './LinkMenu';

/** One link: how it did, and everything that can be made of it. */
export function LinkPage() {
  const { t } = useTranslation('distribution');
  const { id = '' } = useParams();
  return (
    <>
      <BackLink to="/distribution" label={t('links.title')} />
      <Loaded query={useLink(id)}>{(link) => <Opened key={link.id} link={link} />}</Loaded>
    </>
  );
}

function Opened({ link }: { readonly link: JoinLink }) {
  const { t } = useTranslation('distribution');
  const mayWrite = useMay()('links:write');
  const figures = useFigures([link.id], usePeriod().period);
  const program = usePrograms().data?.find(({ id }) => id === link.program_id);
  const page = `/distribution/links/${link.id}`;
  const sections = [
    { to: page, label: t('qr.title'), end: true },
    { to: `${page}/poster`, label: t('poster.title') },
    { to: `${page}/embed`, label: t('embed.title') },
    ...(mayWrite ? [{ to: `${page}/settings`, label: t('links.settings') }] : []),
  ];
  return (
    <Page title={link.name} {...(program ? { lead: program.name } : {})} actions={<LinkMenu link={link} />}>
      {link.archived_at && (
        <Alert icon={<IconArchive aria-hidden />} color="gray">
          {t('links.archivedLead')}
        </Alert>
      )}
      <Paper withBorder p="md" component="section" aria-label={t('figure.title')}>
        <Stack gap="xs">
          <CopyAddress url={link.url} />
          <PeriodPicker />
          <FigureStrip figures={figures.data?.get(link.id)} isCounting={figures.isPending} />
        </Stack>
      </Paper>
      <SectionNav label={link.name} sections={sections} />
      <Routes>
        <Route index element={<QrStudio base={`/api/v1/links/${link.id}`} name={link.name} />} />
        <Route path="poster" element={<PosterPanel of={printedLink(link.id)} />} />
        <Route path="embed" element={<EmbedPanel link={link} />} />
        {mayWrite && <Route path="settings" element={<LinkSettings link={link} />} />}
      </Routes>
    </Page>
  );
}
