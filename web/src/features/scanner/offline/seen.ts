/** Cards that were scanned lately, to know them again when there is no network. First names only, and not for long. */
import type { Seen, TillDatabase } from './database';

const KEEP_MS = 3 * 86_400_000;
const KEEP_CARDS = 500;

/** The end of a code, for people: it runs from left to right in every script, its ellipsis first. */
export const endOf = (code: string): string => `\u2066…${code.slice(-6)}\u2069`;

/** A card's code, and what proves that it was shown just now: a signature, or a password with its second. */
const PROVEN = /^([0-9a-z]{16})u(?:[0-9a-z]{13}|\d{18})$/;

/** One spelling of a code: as for the server, case, blanks and hyphens do not matter, nor what proves it. */
export function plainCode(code: string): string {
  const plain = code.replace(/[\s-]/g, '').toLowerCase();
  return PROVEN.exec(plain)?.[1] ?? plain;
}

export async function remember(db: TillDatabase, code: string, card: unknown, now: number): Promise<void> {
  await db.put('seen', { code: plainCode(code), at: now, card });
}

export async function recall<T>(db: TillDatabase, code: string): Promise<Seen<T> | null> {
  return ((await db.get('seen', plainCode(code))) as Seen<T> | undefined) ?? null;
}

export async function pruneSeen(db: TillDatabase, now: number): Promise<void> {
  const tx = db.transaction('seen', 'readwrite');
  let surplus = (await tx.store.count()) - KEEP_CARDS;
  for (let at = await tx.store.index('at').openCursor(); at; at = await at.continue()) {
    if (at.value.at > now - KEEP_MS && surplus <= 0) break;
    await at.delete();
    surplus -= 1;
  }
  await tx.done;
}
