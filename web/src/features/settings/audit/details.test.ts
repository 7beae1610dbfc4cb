import { expect, test } from 'vitest';

import { detailsOf, wireId } from './details';

test('ids are written as the API writes them', () => {
  expect(wireId('cus', '00000000-0000-0000-0000-000000000000')).toBe(`cus_${'0'.repeat(26)}`);
  expect(wireId('cus', 'ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe(`cus_7${'z'.repeat(25)}`);
});

test('each value is told by what it is; ids without a page are not told', () => {
  const payload = {
    customer_id: '00000000-0000-0000-0000-000000000001',
    operator_id: '00000000-0000-0000-0000-000000000002',
    transfer_id: '00000000-0000-0000-0000-000000000003',
    amount_minor: 450,
    currency: 'MAD',
    complete: true,
    fields: ['email', 'phone'],
    expires_at: '2027-01-01T00:00:00+00:00',
    units: { points: 3 },
    reason: null,
  };
  expect(detailsOf(payload)).toEqual([
    { name: 'customer_id', kind: 'thing', id: `cus_${'0'.repeat(25)}1`, page: `/customers/cus_${'0'.repeat(25)}1` },
    { name: 'operator_id', kind: 'thing', id: `opr_${'0'.repeat(25)}2`, page: '/team' },
    { name: 'amount_minor', kind: 'money', minor: 450, currency: 'MAD' },
    { name: 'complete', kind: 'yesNo', yes: true },
    { name: 'fields', kind: 'words', words: ['email', 'phone'] },
    { name: 'expires_at', kind: 'instant', instant: '2027-01-01T00:00:00+00:00' },
    { name: 'units', kind: 'words', words: ['points: 3'] },
  ]);
});
