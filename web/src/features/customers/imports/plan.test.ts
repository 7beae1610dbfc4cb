import { expect, test } from 'vitest';

import type { Import } from './imports';
import { attributeName, choicesOf, faultOfMapping, planOf } from './plan';

const FOUND = {
  columns: ['Name', 'Phone', 'Points', 'Shoe size'],
  suggested: [
    { column: 0, field: 'first_name' },
    { column: 1, field: 'phone' },
    { column: 2, field: 'balance' },
  ],
  plan: null,
} as unknown as Import;

test('what the titles suggest becomes the plan', () => {
  const choices = choicesOf(FOUND);
  expect(faultOfMapping(choices)).toBeNull();
  expect(planOf({ ...choices, program: 'prg_1' })).toEqual({
    columns: [
      { column: 0, field: 'first_name' },
      { column: 1, field: 'phone' },
      { column: 2, field: 'balance' },
    ],
    known: 'fill',
    day_first: true,
    program_id: 'prg_1',
    issue_cards: false,
  });
});

test('a balance without a program is left out', () => {
  expect(planOf(choicesOf(FOUND)).columns.map((one) => one.field)).toEqual(['first_name', 'phone']);
});

test('a plan that was made before is shown again', () => {
  const plan = { columns: [{ column: 3, field: 'attribute', attribute: 'shoe_size', type: 'number' }], known: 'keep', day_first: false };
  const choices = choicesOf({ ...FOUND, plan } as unknown as Import);
  expect(choices.columns[3]).toEqual({ field: 'attribute', attribute: 'shoe_size', type: 'number' });
  expect(choices.columns[0]?.field).toBeNull();
  expect([choices.known, choices.dayFirst]).toEqual(['keep', false]);
  expect(faultOfMapping(choices)).toBe('contact');
});

test.each([
  [['phone', 'phone'], 'twice'],
  [['first_name'], 'contact'],
  [['email'], null],
] as const)('mapped %j is %s', (fields, fault) => {
  const columns = fields.map((field) => ({ field, attribute: '', type: 'text' as const }));
  expect(faultOfMapping({ ...choicesOf(FOUND), columns })).toBe(fault);
});

test.each([
  ['Shoe size', 'shoe_size'],
  ['Pointure préférée', 'pointure_preferee'],
  ['2nd colour!', 'nd_colour'],
  ['المدينة', ''],
])('%s is called %s', (title, name) => {
  expect(attributeName(title)).toBe(name);
});
