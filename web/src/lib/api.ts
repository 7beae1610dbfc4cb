/** The public API, typed by its own OpenAPI document: the app uses nothing that an integrator cannot. */
import createClient, { type Middleware } from 'openapi-fetch';

import { i18n } from './i18n';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

/** A refusal of the server (RFC 9457): `code` is stable, `message` a sentence in the reader's language. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly params: Record<string, unknown> = {},
    readonly errors: readonly { readonly path?: string; readonly message?: string }[] = [],
  ) {
    super(message);
    this.name = 'Problem';
  }
}

/** Told when the session has ended while somebody was working; whoever listens asks to sign in again. */
type Listener = () => void;
const expired = new Set<Listener>();
export function onSessionExpired(listener: Listener): () => void {
  expired.add(listener);
  return () => expired.delete(listener);
}

let key: string | null = null;
/** Call with an API key instead of the session of this browser, as a till does that nobody has signed in at. */
export function actWith(apiKey: string | null): void {
  key = apiKey;
}

const edge: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', i18n.language);
    if (key !== null && !request.headers.has('Authorization')) request.headers.set('Authorization', `Bearer ${key}`);
    if (request.method !== 'GET' && !request.headers.has('Idempotency-Key')) {
      request.headers.set('Idempotency-Key', crypto.randomUUID());
    }
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return undefined;
    const problem = await problemOf(response);
    if (problem.code === 'unauthenticated') expired.forEach((listener) => listener());
    throw problem;
  },
  onError() {
    return new Problem(0, 'offline', i18n.t('common:offline'));
  },
};

export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });
api.use(edge);

async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.clone().json().catch(() => null);
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Partial<Schemas['Problem']>;
  return new Problem(
    response.status,
    fields.code ?? 'internal_error',
    // The server's own sentence tells integrators which header to send.
    fields.code === 'unauthenticated' && key === null ? i18n.t('common:sessionEnded') : (fields.detail ?? i18n.t('common:failed')),
    fields.params ?? {},
    fields.errors ?? [],
  );
}

/** The body of an answer that has one; openapi-fetch types it as possibly absent although refusals are thrown. */
export function data<T>(answer: { data?: T }): NonNullable<T> {
  if (answer.data === undefined || answer.data === null) throw new Problem(0, 'empty_answer', i18n.t('common:failed'));
  return answer.data;
}
