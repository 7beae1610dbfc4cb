import { useTranslation } from 'react-i18next';
import { Route, Routes } from 'react-router';

import { useMay } from '@/lib/session';
import { Page } from '@/ui/Page';
import { SectionNav } from '@/ui/SectionNav';

import { History } from './History';
import { Places } from './Places';
import { Presence } from './Presence';

/** Who is in at each location, who came, and how locations take check-ins. */
export function CheckInsPage() {
  const { t } = useTranslation('checkins');
  const maySet = useMay()('organization:write');
  const sections = [
    { to: '/check-ins', label: t('presence.title'), end: true },
    { to: '/check-ins/history', label: t('history.title') },
    ...(maySet ? [{ to: '/check-ins/places', label: t('places.title') }] : []),
  ];
  return (
    <Page title={t('title')} lead={t('lead')}>
      <SectionNav label={t('title')} sections={sections} />
      <Routes>
        <Route index element={<Presence />} />
        <Route path="history" element={<History />} />
        <Route path="places" element={<Places />} />
      </Routes>
    </Page>
  );
}
