import { describe, expect, it } from 'vitest';

import { readInvitation } from './pairing';

const KEY = 'key_AZqx0p_-4nR8AbCdEfGhIjKlMnOpQrStUvWxYz0123456789';
const ID = 'key_01k30dw000e008000000000001';

describe('an invitation', () => {
  it.each([
    [`https://shop.example/scan#pair=${KEY}:${ID}`, { key: KEY, id: ID }],
    [`#pair=${KEY}:${ID}`, { key: KEY, id: ID }],
    [` ${KEY} `, { key: KEY, id: null }],
    ['https://shop.example/scan', null],
    ['k7v4m2q9x1c8r5tz', null],
    ['', null],
  ])('%s', (text, invitation) => {
    expect(readInvitation(text)).toEqual(invitation);
  });
});
