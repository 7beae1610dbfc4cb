import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import '@/lib/i18n';

import { Boundary } from './Boundary';

afterEach(cleanup);

function Page({ broken }: { readonly broken: boolean }) {
  if (broken) throw new Error('cannot be drawn');
  return <p>A page</p>;
}

test('a page that cannot be drawn is said, and the next one is drawn', () => {
  vi.spyOn(console, 'error').mockReturnValue(undefined);
  const at = (path: string) => (
    <MantineProvider>
      <Boundary at={path}>
        <Page broken={path === '/broken'} />
      </Boundary>
    </MantineProvider>
  );
  const { rerender } = render(at('/broken'));
  expect(screen.queryByText('A page')).toBeNull();
  expect(screen.getByRole('alert').querySelector('button')).not.toBeNull();
  rerender(at('/sound'));
  expect(screen.getByText('A page')).toBeDefined();
});
