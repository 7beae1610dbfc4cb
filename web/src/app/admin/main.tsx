import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';

import '@/lib/leaving';

import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { type ReactNode, StrictMode, Suspense, lazy, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Link, Route, Routes } from 'react-router';

import { InvitationPage } from '@/features/signin/InvitationPage';
import { NewPasswordPage } from '@/features/signin/NewPasswordPage';
import { SessionGate } from '@/features/signin/SessionGate';
import { SetupPage } from '@/features/signin/SetupPage';
import { ReachableAreas } from '@/lib/areas';
import { i18nReady } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { PageSkeleton } from '@/ui/Page';
import { Providers } from '@/ui/Providers';

import { AREAS } from './areas';
import { Shell } from './Shell';

const WelcomeArea = lazy(() => import('./WelcomeArea').then((module) => ({ default: module.WelcomeArea })));

function NotFound() {
  const { t } = useTranslation();
  const home = (
    <Button component={Link} to="/" variant="light">
      {t('toHome')}
    </Button>
  );
  return <Empty icon={IconMapOff} title={t('notFound')} hint={t('notFoundHint')} action={home} />;
}

/** Tells features which pages there are for this reader. */
function Reachable({ children }: { readonly children: ReactNode }) {
  const may = useMay();
  const paths = useMemo(() => AREAS.filter((area) => may(area.scope)).map((area) => area.path), [may]);
  return <ReachableAreas value={paths}>{children}</ReachableAreas>;
}

function Areas() {
  return (
    <Shell>
      <Routes>
        {AREAS.map((area) => (
          <Route key={area.path} path={area.path === '/' ? '/' : `${area.path}/*`} element={<area.page />} />
        ))}
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Shell>
  );
}

/** The first steps stand alone, without the menu of what is not there yet. */
function Dashboard() {
  return (
    <SessionGate>
      <Reachable>
        <Routes>
          <Route path="/welcome/*" element={<Suspense fallback={<PageSkeleton />}><WelcomeArea /></Suspense>} />
          <Route path="*" element={<Areas />} />
        </Routes>
      </Reachable>
    </SessionGate>
  );
}

/** Links that let somebody in stand before the door, everything else behind it. */
function Admin() {
  return (
    <BrowserRouter basename="/app">
      <Routes>
        <Route path="/invitation" element={<InvitationPage />} />
        <Route path="/new-password" element={<NewPasswordPage />} />
        <Route path="/setup" element={<SetupPage />} />
        <Route path="*" element={<Dashboard />} />
      </Routes>
    </BrowserRouter>
  );
}

function start(): void {
  const root = document.getElementById('root');
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <Admin />
      </Providers>
    </StrictMode>,
  );
}

void i18nReady.then(start);
