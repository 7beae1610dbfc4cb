import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeAll, beforeEach, expect, it } from 'vitest';

import { i18n, i18nReady } from '@/lib/i18n';
import { plain } from '@/testing/plain';

import { TimingFields } from './TimingFields';
import type { Timing } from './kinds';
import { timingWords } from './timing';

const POLICIES: readonly (readonly [Timing, string, string, string])[] = [
  [{}, 'usable at once, never lapsing', 'utilisable tout de suite, sans expiration', 'صالحة فورًا، لا تنتهي أبدًا'],
  [
    { pending: { type: 'for', hours: 48 }, expiry: { type: 'after', months: 12, round_up_to: 'month' } },
    'usable after 48 hours, lapsing after 12 months, at the end of the month',
    'utilisable après 48 heures, expire après 12 mois, à la fin du mois',
    'تصبح صالحة بعد ٤٨ ساعة، تنتهي بعد ١٢ شهرًا، في نهاية الشهر',
  ],
  [
    { pending: { type: 'until_date', date: '2027-01-15' }, expiry: { type: 'after', years: 0, round_up_to_month: 3 } },
    'usable from Jan 15, 2027 on, lapsing at the end of March',
    'utilisable à partir du 15 janv. 2027, expire fin mars',
    'تصبح صالحة ابتداءً من ١٥‏/٠١‏/٢٠٢٧، تنتهي في نهاية مارس',
  ],
  [
    { pending: { type: 'until_dates', dates: ['07-01', '01-01'] }, expiry: { type: 'on_dates', dates: ['12-31'] } },
    'usable on the next January 1 or July 1, lapsing on the next December 31',
    'utilisable le prochain 1er janvier ou 1er juillet, expire le prochain 31 décembre',
    'تصبح صالحة في أقرب موعد: ١ يناير أو ١ يوليو، تنتهي في أقرب موعد: ٣١ ديسمبر',
  ],
  [
    { pending: { type: 'until_event', event: 'order.shipped', within_days: 30, otherwise: 'lapse' }, expiry: { type: 'on_inactivity', days: 90, reset_by: ['earn', 'visit'] } },
    'usable once order.shipped has happened within 30 days, otherwise lost, lapsing after 90 days without earning or a visit',
    'utilisable dès que order.shipped a lieu sous 30 jours, sinon perdu, expire après 90 jours sans gain ou visite',
    'تصبح صالحة فور وقوع order.shipped خلال ٣٠ يومًا، وإلا ضاعت، تنتهي بعد ٩٠ يومًا دون كسب أو زيارة',
  ],
];


beforeAll(async () => {
  await i18nReady;
  await i18n.loadNamespaces('earning');
  await i18n.loadLanguages(['en', 'fr', 'ar']);
});
beforeEach(() => i18n.changeLanguage('en'));

it.each(POLICIES)('%#: a policy is a sentence in three languages', (timing, english, french, arabic) => {
  for (const [language, sentence] of [['en', english], ['fr', french], ['ar', arabic]] as const) {
    const t = i18n.getFixedT(language, 'earning');
    expect(plain(timingWords(timing, { t, language }).join(t('part.join')))).toBe(plain(sentence));
  }
});

let last: Timing = {};

function Form() {
  const [value, setValue] = useState<Timing>({});
  const change = (timing: Timing) => {
    last = timing;
    setValue(timing);
  };
  return (
    <MantineProvider env="test">
      <TimingFields value={value} onChange={change} />
    </MantineProvider>
  );
}

async function choose(user: ReturnType<typeof userEvent.setup>, label: string, option: string, place = 0) {
  const field = screen.getAllByRole('combobox', { name: label })[place];
  if (!field) throw new Error(`There is no ${label}.`);
  await user.click(field);
  await user.click(screen.getByRole('option', { name: option }));
}

it('lets somebody make each kind of expiry', async () => {
  const user = userEvent.setup();
  render(<Form />);
  await choose(user, 'Lapses', 'After some time');
  expect(last.expiry).toEqual({ type: 'after', months: 12 });
  await choose(user, 'To the end of', 'March');
  await choose(user, 'Unit', 'years');
  await user.clear(screen.getByRole('textbox', { name: 'After' }));
  await user.type(screen.getByRole('textbox', { name: 'After' }), '0');
  expect(last.expiry).toEqual({ type: 'after', years: 0, round_up_to_month: 3 });
  expect(screen.getByTestId('timing-sentence').textContent).toBe('That means: usable at once, lapsing at the end of March.');
  await choose(user, 'Lapses', 'On certain days of each year');
  await user.click(screen.getByRole('button', { name: 'Add a day' }));
  expect(last.expiry).toEqual({ type: 'on_dates', dates: ['12-31', '01-01'] });
  await choose(user, 'Month', 'February');
  expect(last.expiry).toEqual({ type: 'on_dates', dates: ['02-29', '01-01'] });
  await choose(user, 'Lapses', 'After some time without activity');
  await user.click(screen.getByRole('checkbox', { name: 'Spending' }));
  expect(last.expiry).toEqual({ type: 'on_inactivity', months: 12, reset_by: ['earn', 'visit'] });
  await choose(user, 'Lapses', 'Never');
  expect(last.expiry).toBeNull();
});

it('lets somebody make each kind of waiting', async () => {
  const user = userEvent.setup();
  render(<Form />);
  await choose(user, 'Usable', 'After some time');
  await choose(user, 'Unit', 'hours');
  expect(last.pending).toEqual({ type: 'for', hours: 14 });
  await choose(user, 'Usable', 'Once something has happened');
  await user.type(screen.getByRole('textbox', { name: 'Event' }), 'order.shipped');
  await choose(user, 'Otherwise', 'it becomes usable');
  expect(last.pending).toEqual({ type: 'until_event', event: 'order.shipped', within_days: 30, otherwise: 'activate' });
  await choose(user, 'Usable', 'On the next of certain days');
  expect(last.pending).toEqual({ type: 'until_dates', dates: ['01-01'] });
  await choose(user, 'Usable', 'From a date on');
  await user.clear(screen.getByLabelText('Date'));
  await user.type(screen.getByLabelText('Date'), '2027-03-01');
  expect(last.pending).toEqual({ type: 'until_date', date: '2027-03-01' });
});
