import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';

import { NOTHING } from '../input/amount';
import { AmountPad } from './AmountPad';

function Pad({ onEnter }: { readonly onEnter: () => void }) {
  const [typed, setTyped] = useState(NOTHING);
  return (
    <MantineProvider>
      <AmountPad label="Amount" currency="EUR" typed={typed} onTyped={setTyped} onEnter={onEnter} />
      <input aria-label="Code" />
    </MantineProvider>
  );
}

it('takes keys of the pad and of the keyboard, but not those of a field', async () => {
  const enter = vi.fn();
  const user = userEvent.setup();
  render(<Pad onEnter={enter} />);
  const shown = await screen.findByRole('status');
  await user.click(screen.getByRole('button', { name: '4' }));
  await user.keyboard('50');
  expect(shown.textContent).toContain('4.50');
  await user.keyboard('{Backspace}');
  expect(shown.textContent).toContain('0.45');
  await user.type(screen.getByLabelText('Code'), '99{Enter}');
  expect(shown.textContent).toContain('0.45');
  expect(enter).not.toHaveBeenCalled();
});
