import { render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';

import { useWedge } from './useWedge';

const CODE = 'k7v4m2q9x1c8r5tz';

function Till({ onCode }: { readonly onCode: (code: string) => void }) {
  useWedge(onCode);
  return <input aria-label="Note" defaultValue="Lina" />;
}

/** Keys as a browser sends them, so many milliseconds apart: what nobody prevents is written into a field. */
function type(target: Element, text: string, everyMs: number): void {
  for (const [place, key] of [...Array.from(text), 'Enter'].entries()) {
    const event = new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true });
    Object.defineProperty(event, 'timeStamp', { value: 10_000 + place * everyMs });
    if (target.dispatchEvent(event) && target instanceof HTMLInputElement && key.length === 1) target.value += key;
  }
}

it.each([10, 300])('takes what a scanner typed out of a field again, a key every %s ms', (everyMs) => {
  const onCode = vi.fn();
  render(<Till onCode={onCode} />);
  const field = screen.getByRole<HTMLInputElement>('textbox');
  type(field, CODE, everyMs);
  expect(onCode.mock.calls).toEqual([[CODE]]);
  expect(field.value).toBe('Lina');
});

it('leaves what somebody types in the field', () => {
  const onCode = vi.fn();
  render(<Till onCode={onCode} />);
  const field = screen.getByRole<HTMLInputElement>('textbox');
  type(field, ' paid in cash', 150);
  expect(onCode).not.toHaveBeenCalled();
  expect(field.value).toBe('Lina paid in cash');
});

it('hears a slow scanner on the page', () => {
  const onCode = vi.fn();
  render(<Till onCode={onCode} />);
  type(document.body, 'SUMMER26', 400);
  expect(onCode.mock.calls).toEqual([['SUMMER26']]);
});
