/** Making a browser a till: its own key to sign with, its own key to call with, and the code that lets another one do so. */
import { Problem, type Schemas, actWith, api, data } from '@/lib/api';
import { TILL_SCOPES } from '@/lib/tillScopes';

import { type Device, type TillDatabase, forgetDevice, keepDevice } from '../offline/database';
import { makeKey } from '../offline/signing';
import { actAsTill, forgetKey } from './identity';

export const PAIRING_SCOPE = 'keys:write';
const PAIRING_MS = 15 * 60_000;
const MARK = '#pair=';

/** This browser cannot sign, so it cannot sell without a network. */
export class CannotSign extends Error {
  override readonly name = 'CannotSign';
}

/** Register this browser as a till of the organization that `db` is of. Raises CannotSign and the server's refusals. */
export async function pairTill(
  db: TillDatabase,
  name: string,
  locationId: string | null,
  scopes: readonly string[],
): Promise<Device> {
  const key = await makeKey();
  if (!key) throw new CannotSign();
  const own = TILL_SCOPES.filter((scope) => scopes.includes(scope));
  const made = data(await api.POST('/api/v1/api-keys', { body: { name, scopes: own, location_id: locationId } }));
  const device = await register({ name, location_id: locationId, public_key: key.public_key, api_key_id: made.id }, key.private_key);
  await keepDevice(db, device);
  await actAsTill({ key: made.api_key, id: made.id });
  return device;
}

/** The till as the server knows it now; when it is refused, its API key ends, too. */
async function register(till: Omit<Schemas['DeviceIn'], keyof typeof USUAL_ALLOWANCES> & { api_key_id: string }, privateKey: CryptoKey): Promise<Device> {
  try {
    const body: Schemas['DeviceIn'] = { ...USUAL_ALLOWANCES, ...till };
    return deviceOf(data(await api.POST('/api/v1/devices', { body })), privateKey);
  } catch (fault) {
    await api.DELETE('/api/v1/api-keys/{api_key_id}', { params: { path: { api_key_id: till.api_key_id } } });
    throw fault;
  }
}

/** This browser is no till any more: what it would send is not booked, and its key opens nothing. */
export async function unpairTill(db: TillDatabase, device: Device): Promise<void> {
  await api.DELETE('/api/v1/devices/{device_id}', { params: { path: { device_id: device.id } } });
  await forgetDevice(db);
  const keyId = await forgetKey();
  if (keyId !== null) await api.DELETE('/api/v1/api-keys/{api_key_id}', { params: { path: { api_key_id: keyId } } });
}

const USUAL_ALLOWANCES = { redemptions_per_day: 10, redemptions_per_member_per_day: 1 };

/** A device as it is kept, with what the server says of it now. */
export function deviceOf(told: Schemas['DeviceOut'], privateKey: CryptoKey): Device {
  const { id, name, location_id, redemptions_per_day, redemptions_per_member_per_day } = told;
  return { id, name, location_id, redemptions_per_day, redemptions_per_member_per_day, private_key: privateKey };
}

/** The address that pairs another browser, good for a quarter of an hour and for one. */
export async function invite(scopes: readonly string[]): Promise<string> {
  const granted = [...TILL_SCOPES.filter((scope) => scopes.includes(scope)), PAIRING_SCOPE];
  const expires_at = new Date(Date.now() + PAIRING_MS).toISOString();
  const body: Schemas['ApiKeyIn'] = { name: 'Pairing', scopes: granted, expires_at };
  const made = data(await api.POST('/api/v1/api-keys', { body }));
  return `${location.origin}/scan${MARK}${made.api_key}:${made.id}`;
}

/** A key to begin with; `id` when it is an invitation, which is revoked once it was used. */
export interface Invitation {
  readonly key: string;
  readonly id: string | null;
}

/** The invitation in an address, or a key as it was scanned or typed; `null` when it is neither. */
export function readInvitation(text: string): Invitation | null {
  const told = text.includes(MARK) ? text.slice(text.indexOf(MARK) + MARK.length) : text.trim();
  const match = /^(key_[A-Za-z0-9_-]{20,200})(?::(key_[0-9a-z]{26}))?$/.exec(told);
  return match?.[1] ? { key: match[1], id: match[2] ?? null } : null;
}

/** Use up an invitation: the till has a key of its own now. It ends by itself if this does not arrive. */
export async function endInvitation(invitation: Invitation): Promise<void> {
  if (invitation.id === null) return;
  const path = { api_key_id: invitation.id };
  await api
    .DELETE('/api/v1/api-keys/{api_key_id}', { params: { path }, headers: { Authorization: `Bearer ${invitation.key}` } })
    .catch((fault: unknown) => {
      if (!(fault instanceof Problem)) throw fault;
    });
}

/** Who an invitation comes from; calls are made with its key until the till has its own. */
export async function accept(invitation: Invitation): Promise<Schemas['Me']> {
  actWith(invitation.key);
  try {
    return data(await api.GET('/api/v1/me'));
  } catch (fault) {
    actWith(null);
    throw fault;
  }
}
