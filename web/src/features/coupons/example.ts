/** What a code of a pattern looks like; not a code that anybody has. */
import type { Schemas } from '@/lib/api';

const LETTERS = 'K7RM2XQ94TBW6PHD8C3YFN5G';

export function example({ prefix = '', length = 12, group = 4 }: Schemas['CodePattern']): string {
  const body = LETTERS.slice(0, length);
  const groups = group > 0 ? (body.match(new RegExp(`.{1,${String(group)}}`, 'g')) ?? []) : [body];
  return [...(prefix ? [prefix.toUpperCase()] : []), ...groups].join('-');
}
