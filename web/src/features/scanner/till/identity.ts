/** Who works at this till: an operator who has signed in, or the till itself with its key; kept for when the network is gone. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

import { Problem, type Schemas, actWith, api, data } from '@/lib/api';

import { isUnreachable, reach } from './network';

export interface Who {
  readonly actor: string;
  readonly name: string | null;
  readonly scopes: readonly string[];
  readonly organization: Pick<Schemas['OrganizationOut'], 'id' | 'name' | 'currency' | 'time_zone'>;
}

/** The till's own key, and its id if it was made for this till. */
export interface TillKey {
  readonly key: string;
  readonly id: string | null;
}

/** While an operator is signed in, the till's own key rests. */
interface Kept {
  readonly who: Who | null;
  readonly key: TillKey | null;
  readonly operator: boolean;
}

interface Stores extends DBSchema {
  kept: { key: 'identity'; value: Kept };
}

const NOBODY: Kept = { who: null, key: null, operator: false };

let opened: Promise<IDBPDatabase<Stores>> | null = null;
const database = (): Promise<IDBPDatabase<Stores>> =>
  (opened ??= openDB<Stores>('passerelle-till', 1, { upgrade: (db) => void db.createObjectStore('kept') }));

const kept = async (): Promise<Kept> => (await (await database()).get('kept', 'identity')) ?? NOBODY;

async function keep(change: Partial<Kept>): Promise<void> {
  const db = await database();
  await db.put('kept', { ...(await kept()), ...change }, 'identity');
}

/** Who works here; `null` when somebody must sign in. Without a network, whoever worked here last. */
export async function identify(): Promise<Who | null> {
  const known = await kept();
  actWith(known.operator ? null : (known.key?.key ?? null));
  try {
    const me = await reach(async (signal) => data(await api.GET('/api/v1/me', { signal })));
    const who = whoIs(me);
    await keep({ who });
    return who;
  } catch (fault) {
    if (isUnreachable(fault)) return known.who;
    if (fault instanceof Problem && fault.status === 401) return afterRefusal(known);
    throw fault;
  }
}

/** A session that has ended gives way to the till's own key; a key that was revoked is of no more use. */
async function afterRefusal(known: Kept): Promise<Who | null> {
  const next = known.operator ? { ...known, who: null, operator: false } : NOBODY;
  await keep(next);
  actWith(next.key?.key ?? null);
  return next.key === null ? null : identify();
}

/** Somebody is signing in with a password: their session counts from now on. */
export async function signedIn(): Promise<void> {
  await keep({ operator: true });
  actWith(null);
}

/** The till works by itself, with this key. */
export async function actAsTill(key: TillKey): Promise<void> {
  await keep({ key, operator: false, who: null });
  actWith(key.key);
}

/** The operator leaves; the till's own key, if there is one, takes over. */
export async function signOut(): Promise<void> {
  actWith(null);
  try {
    await reach((signal) => api.DELETE('/api/v1/sessions/current', { signal }));
  } catch (fault) {
    if (!(fault instanceof Problem && fault.status === 401)) throw fault;
  }
  await keep({ operator: false, who: null });
  actWith((await kept()).key?.key ?? null);
}

/** Forget the till's own key, such as before the device is given away; whoever is signed in goes on. Returns its id. */
export async function forgetKey(): Promise<string | null> {
  const { key } = await kept();
  await keep({ key: null });
  return key?.id ?? null;
}

function whoIs({ actor, name, scopes, organization }: Schemas['Me']): Who {
  const { id, currency, time_zone } = organization;
  return { actor, name, scopes, organization: { id, name: organization.name, currency, time_zone } };
}
