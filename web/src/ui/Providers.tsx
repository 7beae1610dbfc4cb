import './standing.css';

import { DirectionProvider, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Problem } from '@/lib/api';
import { useFocusGivenBack } from '@/lib/focus';
import { direction } from '@/lib/i18n';

import { Boundary } from './Boundary';
import { PageSkeleton } from './Page';
import { readableVariables, themeFor } from './theme';

const client = new QueryClient({
  defaultOptions: {
    // Without a network a call fails and says so; by default it would wait for one without a word.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 10_000,
      // A refusal stays one; only a lost network is worth another try.
      retry: (count, fault) => count < 2 && (!(fault instanceof Problem) || fault.status === 0 || fault.status === 503),
    },
  },
});

/** What every application stands on. Mantine mirrors itself, but only when it is made anew for the direction. */
export function Providers({ children }: { readonly children: ReactNode }) {
  const { t, i18n } = useTranslation();
  useFocusGivenBack();
  const theme = useMemo(() => themeFor(t('close')), [t]);
  const facing = direction(i18n.language);
  return (
    <DirectionProvider key={facing} initialDirection={facing} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={readableVariables} defaultColorScheme="auto">
        {/* Below, where no title, and on phones no first line, is covered. */}
        <Notifications position="bottom-center" />
        <QueryClientProvider client={client}>
          <Boundary>
            <Suspense fallback={<PageSkeleton />}>{children}</Suspense>
          </Boundary>
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}
