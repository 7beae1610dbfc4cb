import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes, useLocation } from 'react-router';

import { useMay } from '@/lib/session';
import { Page } from '@/ui/Page';
import { SectionNav } from '@/ui/SectionNav';

import { KiosksPanel } from './kiosks/KiosksPanel';
import { NewLink } from './links/LinkForm';
import { LinkList } from './links/LinkList';
import { LinkPage } from './links/LinkPage';
import { OfferLinkPage } from './offers/OfferLinkPage';
import { OfferLinks } from './offers/OfferLinks';

/** Where customers find a programme: links, codes, posters, the merchant's own site, a tablet in the store. */
export function DistributionPage() {
  return (
    <Routes>
      <Route path="new" element={<NewLink />} />
      <Route path="links/:id/*" element={<LinkPage />} />
      <Route path="offers/:id/*" element={<OfferLinkPage />} />
      <Route path="*" element={<Sections />} />
    </Routes>
  );
}

function Sections() {
  const { t } = useTranslation('distribution');
  const may = useMay();
  const sections = [
    { to: '/distribution', label: t('links.title'), end: true },
    ...(may('coupons:read') ? [{ to: '/distribution/offers', label: t('offers.title') }] : []),
    { to: '/distribution/kiosks', label: t('kiosks.title') },
  ];
  const { pathname } = useLocation();
  // The other sections have a button of their own.
  const add = may('links:write') && /^\/distribution\/?$/.test(pathname) && (
    <Button component={Link} to="/distribution/new" leftSection={<IconPlus size={18} aria-hidden />}>
      {t('links.add')}
    </Button>
  );
  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <SectionNav label={t('title')} sections={sections} />
      <Routes>
        <Route index element={<LinkList />} />
        <Route path="offers" element={<OfferLinks />} />
        <Route path="kiosks" element={<KiosksPanel />} />
      </Routes>
    </Page>
  );
}
