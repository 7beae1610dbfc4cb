import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes } from 'react-router';

import { useMay, useMe } from '@/lib/session';
import { Page } from '@/ui/Page';
import { SectionNav } from '@/ui/SectionNav';

import { ApiKeys } from './ApiKeys';
import { AuditTrail } from './audit/AuditTrail';
import { Brand } from './Brand';
import { General } from './General';
import { Legal } from './Legal';
import { Locations } from './Locations';
import { Wallets } from './wallets/Wallets';

const TABS = [
  { path: 'general', scope: 'organization:read' },
  { path: 'brand', scope: 'organization:read' },
  { path: 'locations', scope: 'organization:read' },
  { path: 'wallets', scope: 'organization:write' },
  { path: 'legal', scope: 'organization:read' },
  { path: 'keys', scope: 'keys:write' },
  { path: 'audit', scope: 'events:read' },
] as const;

/** Everything that is set once: who the shop is, where, with which certificates and keys; and who did what. */
export function SettingsPage() {
  const { t } = useTranslation('settings');
  const may = useMay();
  const { data: me } = useMe();
  if (!me) return null;
  const organization = me.organization;
  const mayChange = may('organization:write');
  return (
    <Page title={t('title')}>
      <SectionNav label={t('title')} sections={TABS.filter(({ scope }) => may(scope)).map(({ path }) => ({ to: `/settings/${path}`, label: t(`tab.${path}`) }))} />
      <Routes>
        <Route path="general" element={<General organization={organization} mayChange={mayChange} />} />
        <Route path="brand" element={<Brand organization={organization} mayChange={mayChange} />} />
        <Route path="locations" element={<Locations mayChange={mayChange} />} />
        {mayChange && <Route path="wallets" element={<Wallets timeZone={organization.time_zone} />} />}
        <Route path="legal" element={<Legal organization={organization} mayChange={mayChange} />} />
        {may('keys:write') && <Route path="keys" element={<ApiKeys timeZone={organization.time_zone} />} />}
        {may('events:read') && <Route path="audit" element={<AuditTrail timeZone={organization.time_zone} />} />}
        <Route path="*" element={<Navigate to="/settings/general" replace />} />
      </Routes>
    </Page>
  );
}
