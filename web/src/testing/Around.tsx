import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { MemoryRouter, Route, Routes } from 'react-router';

interface AroundProps {
  /** The address, and the route that it is of. */
  readonly at?: string;
  readonly route?: string;
  readonly children: ReactNode;
}

/** What stands around every page: theme, answers of the server, an address. */
export function Around({ at = '/', route = '*', children }: AroundProps) {
  return (
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <MemoryRouter initialEntries={[at]}>
          <Routes>
            <Route path={route} element={children} />
            <Route path="*" element={null} />
          </Routes>
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
}
