import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { beforeAll, describe, expect, it } from 'vitest';

import { Passkeys } from '@/features/account/Passkeys';
import { Batches } from '@/features/coupons/Batches';
import type { Campaign } from '@/features/coupons/campaign';
import { ImportPage } from '@/features/customers/imports/ImportPage';
import { Consents } from '@/features/customers/person/Consents';
import { Notes } from '@/features/customers/person/Notes';
import { AppleWizard } from '@/features/settings/wallets/AppleWizard';
import { Invitations } from '@/features/team/Invitations';
import { i18n, i18nReady } from '@/lib/i18n';
import { Around } from '@/testing/Around';
import { type Answers, refused, serve, written } from '@/testing/server';

const AT = '2026-11-22T10:00:00Z';
const EVERYBODY: Answers = {
  'GET /api/v1/me': {
    actor: 'opr_1',
    name: 'Ada',
    scopes: ['customers:write', 'operators:write', 'programs:write'],
    organization: { id: 'org_1', name: 'Café', currency: 'EUR', time_zone: 'Europe/Paris' },
  },
  'GET /api/v1/sign-in-options': { passkeys: false },
};
const FIGURES = { rows: 2, new: 1, changed: 0, same: 0, enrolled: 0, units: 0, cards: 0, faulty: 0 };
const file = (state: string) => ({ id: 'imp_1', state, rows: 2, encoding: 'utf-8', same_as: null, failure: null, figures: FIGURES });

interface Use {
  readonly name: string;
  readonly page: ReactNode;
  readonly route?: string;
  readonly at?: string;
  readonly answers: Answers;
  /** What must be pressed before the button is there. */
  readonly first?: string;
  readonly button: string | RegExp;
  readonly write: string;
}

const USES: readonly Use[] = [
  {
    name: 'an invitation is withdrawn',
    page: <Invitations />,
    answers: { 'GET /api/v1/invitations': { items: [{ id: 'inv_1', email: 'bea@cafe.example', role: 'cashier', expires_at: AT }], next: null } },
    button: /bea@cafe\.example/,
    write: 'DELETE /api/v1/invitations/inv_1',
  },
  {
    name: 'a consent is withdrawn',
    page: <Consents customerId="cus_1" />,
    answers: {
      'GET /api/v1/customers/cus_1/consents/current': {
        items: [{ id: 'con_1', customer_id: 'cus_1', purpose: 'marketing', channel: 'sms', state: 'granted', wording: 'Yes', given_at: AT, source: 'till' }],
      },
    },
    button: 'Withdraw',
    write: 'POST /api/v1/customers/cus_1/consents',
  },
  {
    name: 'a note is removed',
    page: <Notes customerId="cus_1" />,
    answers: { 'GET /api/v1/customers/cus_1/notes': { items: [{ id: 'not_1', customer_id: 'cus_1', text: 'Oat milk', actor: 'opr_1', created_at: AT }], next: null } },
    button: /^(Remove|Delete)/,
    write: 'DELETE /api/v1/customers/cus_1/notes/not_1',
  },
  {
    name: 'a file of customers is forgotten',
    page: <ImportPage />,
    ...{ at: '/imports/imp_1', route: '/imports/:importId' },
    answers: { 'GET /api/v1/customer-imports/imp_1': file('done') },
    button: /file/i,
    write: 'DELETE /api/v1/customer-imports/imp_1',
  },
  {
    name: 'an import is stopped',
    page: <ImportPage />,
    ...{ at: '/imports/imp_1', route: '/imports/:importId' },
    answers: { 'GET /api/v1/customer-imports/imp_1': file('running') },
    button: /stop/i,
    write: 'POST /api/v1/customer-imports/imp_1/cancel',
  },
  {
    name: 'a passkey is removed',
    page: <Passkeys />,
    answers: { 'GET /api/v1/me/passkeys': { items: [{ id: 'psk_1', name: 'Phone', created_at: AT, last_used_at: null }] } },
    button: /Phone/,
    write: 'DELETE /api/v1/me/passkeys/psk_1',
  },
  {
    name: "a request to Apple is made anew",
    page: <AppleWizard waits onClose={() => undefined} />,
    answers: { 'GET /api/v1/wallets/apple/request': { created_at: AT, request_pem: 'PEM' } },
    first: 'apple.step1',
    button: 'apple.requestAnew',
    write: 'POST /api/v1/wallets/apple/request',
  },
  {
    name: 'the making of codes is stopped',
    page: <Batches campaign={{ id: 'cmp_1' } as Campaign} canCancel />,
    answers: {
      'GET /api/v1/coupon-campaigns/cmp_1/batches': { items: [{ id: 'cbt_1', kind: 'generated', state: 'running', made: 10, requested: 100, created_at: AT }], next: null },
    },
    button: /stop|cancel/i,
    write: 'POST /api/v1/coupon-batches/cbt_1/cancel',
  },
];

beforeAll(async () => {
  await i18nReady;
  await i18n.changeLanguage('en');
  await i18n.loadNamespaces(['account', 'coupons', 'customers', 'settings', 'team']);
});

const said = (name: string | RegExp) => (typeof name === 'string' && name.includes('.') ? i18n.t(`settings:${name}`) : name);

async function open({ page, answers, first, button, at, route }: Use, more: Answers = {}) {
  serve({ ...EVERYBODY, ...answers, ...more });
  const user = userEvent.setup();
  render(<Around {...(at && route ? { at, route } : {})}>{page}</Around>);
  if (first) await user.click(await screen.findByRole('button', { name: new RegExp(said(first) as string) }));
  const ask = await screen.findByRole('button', { name: said(button) });
  await user.click(ask);
  const dialog = (await screen.findAllByRole('dialog')).at(-1);
  if (!dialog) throw new Error('no dialog');
  const [cancel, confirm] = within(dialog).getAllByRole('button').slice(-2);
  if (!cancel || !confirm) throw new Error('no buttons');
  return { user, ask, dialog, cancel, confirm };
}

describe.each(USES)('before $name', (use) => {
  it('the button asks, and cancelling writes nothing', async () => {
    const { user, dialog, cancel } = await open(use);
    await user.click(cancel);
    await waitFor(() => expect(document.body.contains(dialog)).toBe(false));
    expect(written).toEqual([]);
  });

  it('confirming writes once and closes', async () => {
    const { user, dialog, confirm } = await open(use, { [use.write]: {} });
    await user.click(confirm);
    await waitFor(() => expect(document.body.contains(dialog)).toBe(false));
    expect(written).toEqual([use.write]);
  });

  it('a refusal stays in the dialog, and is gone when it asks again', async () => {
    const { user, ask, dialog, cancel, confirm } = await open(use, { [use.write]: refused('changed_meanwhile', 'Somebody was faster.') });
    await user.click(confirm);
    await within(dialog).findByText('Somebody was faster.');
    await user.click(cancel);
    await user.click(ask);
    const again = (await screen.findAllByRole('dialog')).at(-1);
    expect(again?.textContent).not.toContain('Somebody was faster.');
  });
});
