// @vitest-environment node
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { canonical, makeKey, sign, signedBytes } from './signing';

// The vectors that the server is tested with, too.
const page = readFileSync(new URL('../../../../../docs/mechanisms/offline.md', import.meta.url), 'utf8');
const named = (pattern: RegExp): string => pattern.exec(page)?.[1] ?? '';
const SEED = named(/seed `([\w-]+)`/);
const PUBLIC = named(/public key\s+`([\w-]+)`/);
const DEVICE = named(/device `(dev_\w+)`\. Each vector/);
const VECTORS = named(/```text\n([^`]+)```/)
  .trim()
  .split('\n\n')
  .map((vector) => vector.split('\n') as [string, string, string]);

describe('an operation', () => {
  it('has vectors to be held against', () => {
    expect(VECTORS.length).toBeGreaterThanOrEqual(4);
  });

  it.each(VECTORS)('%s', async (told, expected, signature) => {
    const operation = JSON.parse(told) as object;
    expect(canonical(operation)).toBe(expected);
    const jwk = { kty: 'OKP', crv: 'Ed25519', d: SEED, x: PUBLIC };
    const key = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['sign']);
    expect(await sign(key, DEVICE, operation)).toBe(signature);
  });
});

describe('a key of a till', () => {
  it('signs what its public key proves, and cannot be read out', async () => {
    const made = await makeKey();
    if (!made) throw new Error('Node knows Ed25519.');
    expect(made.private_key.extractable).toBe(false);
    const operation = { id: 'a', sequence: 1, kind: 'visit' };
    const signature = Buffer.from(await sign(made.private_key, DEVICE, operation), 'base64url');
    const key = await crypto.subtle.importKey('raw', Buffer.from(made.public_key, 'base64url'), 'Ed25519', false, ['verify']);
    expect(await crypto.subtle.verify('Ed25519', key, signature, signedBytes(DEVICE, operation))).toBe(true);
  });
});
