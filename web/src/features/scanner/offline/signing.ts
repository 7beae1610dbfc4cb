/** What a till signs, byte for byte as docs/mechanisms/offline.md says, and the key it signs with. */

export interface DeviceKey {
  /** Stays in this browser: it cannot be read out, only used. */
  readonly private_key: CryptoKey;
  /** The raw key, 32 bytes in base64url. */
  readonly public_key: string;
}

/** RFC 8785 for what operations hold: keys sorted, no blanks; their numbers are whole. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

export function signedBytes(deviceId: string, operation: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`passerelle-offline-v1\n${deviceId}\n${canonical(operation)}`);
}

export function base64url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** A new key; `null` where the browser does not know Ed25519, or the page is not served over https. */
export async function makeKey(): Promise<DeviceKey | null> {
  try {
    const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']);
    if (!('privateKey' in pair)) return null;
    return { private_key: pair.privateKey, public_key: base64url(await crypto.subtle.exportKey('raw', pair.publicKey)) };
  } catch {
    return null;
  }
}

export async function sign(key: CryptoKey, deviceId: string, operation: object): Promise<string> {
  return base64url(await crypto.subtle.sign('Ed25519', key, signedBytes(deviceId, operation)));
}
