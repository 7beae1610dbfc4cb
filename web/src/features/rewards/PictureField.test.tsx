import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeAll, beforeEach, expect, it } from 'vitest';

import { i18n, i18nReady } from '@/lib/i18n';
import { Around } from '@/testing/Around';
import { serve } from '@/testing/server';

import { PictureField } from './PictureField';

const PATH = `/images/org_${'0'.repeat(26)}/${'a'.repeat(64)}.png`;
const ELSEWHERE = 'https://cafe.example/mug.png';

beforeAll(async () => {
  await i18nReady;
  await i18n.changeLanguage('en');
  await i18n.loadNamespaces('rewards');
});
beforeEach(() => serve({ 'GET /api/v1/me': { scopes: ['programs:write'] } }));

function Form({ first }: { readonly first: string | null }) {
  const [value, setValue] = useState(first);
  return (
    <>
      <PictureField value={value} onChange={setValue} error={undefined} />
      <output>{value ?? 'none'}</output>
    </>
  );
}

async function field(first: string | null): Promise<void> {
  render(
    <Around>
      <Form first={first} />
    </Around>,
  );
  await screen.findByRole('button', { name: /Choose a picture|Replace/ });
}

it.each([PATH, window.location.origin + PATH])('shows a picture that was uploaded, and takes it away: %s', async (value) => {
  await field(value);
  expect(screen.getByRole('img', { name: 'Picture' }).getAttribute('src')).toBe(PATH);
  expect(screen.queryByRole('textbox')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Remove' }));
  expect(screen.getByRole('status').textContent).toBe('none');
  expect(screen.queryByRole('img')).toBeNull();
});

it('keeps an address elsewhere as an address', async () => {
  await field(ELSEWHERE);
  expect(screen.queryByRole('img')).toBeNull();
  expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe(ELSEWHERE);
});

it('takes an address instead of a picture, and none when it is emptied', async () => {
  await field(null);
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: 'Give an address instead' }));
  await user.type(screen.getByRole('textbox'), ELSEWHERE);
  expect(screen.getByRole('status').textContent).toBe(ELSEWHERE);
  await user.clear(screen.getByRole('textbox'));
  expect(screen.getByRole('status').textContent).toBe('none');
});

it('says that a file is too large, and opens none', async () => {
  await field(null);
  const file = new File(['x'], 'mug.png', { type: 'image/png' });
  Object.defineProperty(file, 'size', { value: 100_000_000 });
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  if (!input) throw new Error('no input');
  await userEvent.upload(input, file);
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('This file has 100 MB; at most 30 MB'));
  expect(screen.queryByRole('dialog')).toBeNull();
});
