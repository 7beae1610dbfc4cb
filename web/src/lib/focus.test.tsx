import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { useFocusGivenBack } from './focus';

/** A window that is there, or not there at all, opened by a button or by an entry of a menu. */
function Page() {
  useFocusGivenBack();
  const [open, setOpen] = useState<'menu' | 'window' | null>(null);
  return (
    <>
      <button onClick={() => setOpen('window')}>Window</button>
      <button onClick={() => setOpen('menu')}>Menu</button>
      {open === 'menu' && (
        <div role="menu">
          <button role="menuitem" onClick={() => setOpen('window')}>
            Entry
          </button>
        </div>
      )}
      {open === 'window' && (
        <div role="dialog" aria-label="Window">
          <button onClick={() => setOpen(null)}>Close</button>
        </div>
      )}
    </>
  );
}

describe('focus', () => {
  it('is again where a window was opened', async () => {
    render(<Page />);
    await userEvent.click(screen.getByRole('button', { name: 'Window' }));
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Window' })));
  });

  it('is at the menu whose entry opened the window', async () => {
    render(<Page />);
    await userEvent.click(screen.getByRole('button', { name: 'Menu' }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'Entry' }));
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Menu' })));
  });

  it('is left alone when somebody goes nowhere', async () => {
    render(<Page />);
    await userEvent.click(screen.getByRole('button', { name: 'Window' }));
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    (document.activeElement as HTMLElement).blur();
    document.body.append(document.createElement('p'));
    await Promise.resolve();
    expect(document.activeElement).toBe(document.body);
  });
});
