import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { readInvitation } from '@/features/scanner/till/pairing';
import { keepOffline } from '@/features/scanner/till/useNewVersion';
import { i18n, i18nReady } from '@/lib/i18n';
import { Providers } from '@/ui/Providers';

import { Scanner } from './Scanner';

async function start(): Promise<void> {
  await i18nReady;
  // Some sentences are needed outside of what React shows.
  await i18n.loadNamespaces('scanner');
  const root = document.getElementById('root');
  if (!root) return;
  const invitation = location.hash === '' ? null : readInvitation(location.hash);
  // It is a key: it must not stay in the history.
  if (invitation) history.replaceState(null, '', location.pathname);
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <Scanner invitation={invitation} />
      </Providers>
    </StrictMode>,
  );
  keepOffline();
}

void start();
