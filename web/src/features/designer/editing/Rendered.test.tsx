import { render, screen } from '@testing-library/react';
import { beforeAll, beforeEach, expect, it } from 'vitest';

import { i18n, i18nReady } from '@/lib/i18n';
import { Around } from '@/testing/Around';
import { serve } from '@/testing/server';
import { plain } from '@/testing/plain';

import { sample } from '../testing';
import { Rendered, SampleProvider } from './Rendered';

const SAMPLES = [
  { key: 'nobody', facts: { 'customer.first_name': '', 'balance.points': 0, 'member.since': '2026-03-01' } },
  { key: 'lina', facts: { 'customer.first_name': 'Lina', 'balance.points': 1200, 'member.since': '2026-03-01' } },
];
const PLACEHOLDERS = [
  { name: 'customer.first_name', kind: 'text' },
  { name: 'balance.points', kind: 'number' },
  { name: 'member.since', kind: 'date' },
];

beforeAll(async () => {
  await i18nReady;
  await i18n.loadNamespaces('designer');
});
beforeEach(() => serve({ 'GET /api/v1/templates/samples': SAMPLES, 'GET /api/v1/templates/placeholders': PLACEHOLDERS }));

async function line(source: string, { of = 'lina', language = undefined as string | undefined, page = 'en' } = {}): Promise<string> {
  await i18n.changeLanguage(page);
  render(
    <Around>
      <SampleProvider design={sample()} sample={of}>
        <span>before</span>
        <Rendered source="{{ member.since }}" language="en" />
        <div data-testid="line">
          <Rendered source={source} language={language} />
        </div>
      </SampleProvider>
    </Around>,
  );
  await screen.findAllByText(/1/); // the day, once the samples are there
  return plain(screen.getByTestId('line').textContent);
}

it.each([
  ['Hello {{ customer.first_name }}!', {}, 'A customer reads: Hello Lina!'],
  ['Hello {{ customer.first_name }}!', { of: 'gone' }, 'A customer reads: Hello !'], // the first sample
  ['{{ customer.first_name }}', { of: 'nobody' }, 'This sample customer sees nothing here.'],
  ['{{ customer.first_name }}', { page: 'fr' }, 'Un client lit : Lina'],
  ['{{ balance.points }} points', { language: 'fr' }, 'A customer reads: 1200 points'],
  ['{% if balance.points > 1000 %}Gold{% endif %}', {}, 'A customer reads: Gold'],
  ['No placeholder', {}, ''],
])('%s %o', async (source, given, words) => {
  expect(await line(source, given)).toBe(words);
});
