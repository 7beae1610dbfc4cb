/** WebAuthn in the browser: options and answers of the API are JSON, the browser wants and gives bytes. */
import { Problem, type Schemas } from './api';
import { i18n } from './i18n';

type Options = Schemas['PasskeyOptions']['public_key'];
type Bytes = Uint8Array<ArrayBuffer>;

export const passkeysWork = (): boolean => typeof PublicKeyCredential !== 'undefined';

const bytes = (text: unknown): Bytes =>
  Uint8Array.from(atob(String(text).replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));

const text = (buffer: ArrayBuffer | null | undefined): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0))))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

const withIds = (list: unknown): PublicKeyCredentialDescriptor[] =>
  ((list ?? []) as { id: string; type: 'public-key' }[]).map((each) => ({ ...each, id: bytes(each.id) }));

/** A new passkey, as the API wants it. */
export async function makePasskey(options: Options): Promise<Record<string, unknown>> {
  const user = options.user as Record<string, unknown>;
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: withIds(options.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await asked(() => navigator.credentials.create({ publicKey }));
  const response = made.response as AuthenticatorAttestationResponse;
  return credential(made, { attestationObject: text(response.attestationObject), transports: response.getTransports() });
}

/** The answer of a passkey that is there. */
export async function answerWithPasskey(options: Options): Promise<Record<string, unknown>> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: withIds(options.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const made = await asked(() => navigator.credentials.get({ publicKey }));
  const response = made.response as AuthenticatorAssertionResponse;
  return credential(made, {
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
  });
}

function credential(made: PublicKeyCredential, response: Record<string, unknown>): Record<string, unknown> {
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    clientExtensionResults: {},
    response: { clientDataJSON: text(made.response.clientDataJSON), ...response },
  };
}

/** Somebody who closes the browser's window is told so, in a sentence. */
async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const made = await ask();
    if (made instanceof PublicKeyCredential) return made;
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === 'InvalidStateError') {
      throw new Problem(0, 'passkey_present', i18n.t('common:passkeyPresent'));
    }
  }
  throw new Problem(0, 'passkey_cancelled', i18n.t('common:passkeyCancelled'));
}
