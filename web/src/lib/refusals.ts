/** Refusals of the server at the fields that they speak of. */
import { Problem } from './api';

export interface Refused {
  /** What the server says of a field, by the end of its path such as `terms.effect.amount_minor`. */
  readonly at: (path: string) => string | undefined;
  /** What no field shows, to be told above the form. */
  readonly above: unknown;
}

/** `fields` says which field a refusal is about, by its code: `{ pattern_too_weak: 'pattern.length' }`. */
export function refused(fault: unknown, fields: Readonly<Record<string, string>> = {}): Refused {
  if (fault === null || fault === undefined) return { at: () => undefined, above: null };
  if (!(fault instanceof Problem)) return { at: () => undefined, above: fault };
  const field = fields[fault.code];
  if (field !== undefined) return { at: (path) => (path === field ? fault.message : undefined), above: null };
  const told = fault.errors.map(({ path = '', message = '' }) => ({ path: path.replace(/^body\./, ''), message }));
  return {
    at: (path) => told.find((each) => each.path === path || each.path.endsWith(`.${path}`))?.message,
    above: fault,
  };
}
