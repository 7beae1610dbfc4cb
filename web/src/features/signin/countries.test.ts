import { expect, it } from 'vitest';

import { COUNTRIES, countryHere, named } from './countries';

it('knows each country once, with a currency and a clock that browsers know', () => {
  expect(new Set(COUNTRIES.map(({ code }) => code)).size).toBe(COUNTRIES.length);
  for (const { currency, zone } of COUNTRIES) {
    expect(() => new Intl.NumberFormat('en', { style: 'currency', currency }).format(1)).not.toThrow();
    expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
  }
});

it.each([
  ['Africa/Casablanca', ['fr-FR'], 'MA'],
  ['Etc/UTC', ['en', 'fr-CH', 'en-US'], 'CH'],
  ['Etc/UTC', ['en'], undefined],
])('guesses from the clock, then from the language: %s %s', (zone, languages, code) => {
  expect(countryHere(zone, languages)?.code).toBe(code);
});

it('is read in any language', () => {
  expect(named('fr').find(({ value }) => value === 'DE')?.label).toBe('Allemagne');
});
