import { useTranslation } from 'react-i18next';
import { Route, Routes } from 'react-router';

import { Page } from '@/ui/Page';
import { SectionNav } from '@/ui/SectionNav';

import { Devices } from './Devices';
import { RefusedOperations } from './RefusedOperations';

/** The tills: what one did without a network and could not be booked, and which of them may do so. */
export function TillsPage() {
  const { t } = useTranslation('tills');
  const sections = [
    { to: '/tills', label: t('refused.title'), end: true },
    { to: '/tills/devices', label: t('devices.title') },
  ];
  return (
    <Page title={t('title')} lead={t('lead')}>
      <SectionNav label={t('title')} sections={sections} />
      <Routes>
        <Route index element={<RefusedOperations />} />
        <Route path="devices" element={<Devices />} />
      </Routes>
    </Page>
  );
}
