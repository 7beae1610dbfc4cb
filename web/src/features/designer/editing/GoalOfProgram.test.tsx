import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, expect, it, vi } from 'vitest';

import { i18n, i18nReady } from '@/lib/i18n';
import { Around } from '@/testing/Around';
import { plain } from '@/testing/plain';
import { serve } from '@/testing/server';

import { usePrograms } from '../requests';
import { GoalOfProgram } from './GoalOfProgram';

const program = (goal: number, changes = {}) => ({ id: 'prg_1', name: 'Coffee Club', kind: 'stamps', template_id: 'tpl_1', goal, ...changes });

beforeAll(async () => {
  await i18nReady;
  await i18n.changeLanguage('en');
  await i18n.loadNamespaces('designer');
});

function Known() {
  return <span>{usePrograms().isSuccess ? 'known' : ''}</span>;
}

async function warning(goal: number, programs: readonly unknown[], onDraw = vi.fn()): Promise<HTMLElement | null> {
  serve({ 'GET /api/v1/programs': { items: programs, next: null } });
  render(
    <Around at="/cards/tpl_1" route="/cards/:id">
      <Known />
      <GoalOfProgram goal={goal} most={20} onDraw={onDraw} />
    </Around>,
  );
  await screen.findByText('known');
  return screen.queryByRole('status');
}

it.each([
  ['another number of stamps', [program(10)], true],
  ['the same', [program(8)], false],
  ['of another card', [program(10, { template_id: 'tpl_2' })], false],
  ['of points', [program(10, { kind: 'points' })], false],
  ['the same, and another program another', [program(8), program(12, { id: 'prg_2', name: 'Tea Club' })], true],
])('a program that asks for %s', async (_, programs, warned) => {
  expect((await warning(8, programs)) !== null).toBe(warned);
});

it('says which program asks for how many, and draws as many', async () => {
  const draw = vi.fn();
  const shown = await warning(8, [program(10)], draw);
  expect(plain(shown?.textContent ?? '')).toContain('The programme Coffee Club asks for 10 stamps');
  await userEvent.click(screen.getByRole('button', { name: 'Draw 10' }));
  expect(draw.mock.calls).toEqual([[10]]);
});

it('offers no number that cannot be drawn', async () => {
  expect(await warning(8, [program(21)])).not.toBeNull();
  expect(screen.queryByRole('button')).toBeNull();
});
