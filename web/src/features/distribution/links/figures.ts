/** What figures of a link say together. */
import type { Figures } from '../requests';

/** Cards that came to a phone, per page that was opened; `null` when nobody opened it, or cards of earlier views would make it more than all. */
export function conversion(figures: Partial<Pick<Figures, 'viewed' | 'added'>> | undefined): number | null {
  const viewed = figures?.viewed ?? 0;
  const added = figures?.added ?? 0;
  return viewed > 0 && added <= viewed ? added / viewed : null;
}
