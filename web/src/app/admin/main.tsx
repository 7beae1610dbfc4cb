import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';

import '@/lib/leaving';

import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Link, Route, Routes } from 'react-router';

import { SessionGate } from '@/features/signin/SessionGate';
import { i18nReady } from '@/lib/i18n';
import { Empty } from '@/ui/Empty';
import { Providers } from '@/ui/Providers';

import { AREAS } from './areas';
import { Shell } from './Shell';

function NotFound() {
  const { t } = useTranslation();
  const home = (
    <Button component={Link} to="/" variant="light">
      {t('toHome')}
    </Button>
  );
  return <Empty icon={IconMapOff} title={t('notFound')} hint={t('notFoundHint')} action={home} />;
}

function Admin() {
  return (
    <BrowserRouter basename="/app">
      <SessionGate>
        <Shell>
          <Routes>
            {AREAS.map((area) => (
              <Route key={area.path} path={area.path === '/' ? '/' : `${area.path}/*`} element={<area.page />} />
            ))}
            <Route path="*" element={<NotFound />} />
          </Routes>
        </Shell>
      </SessionGate>
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
