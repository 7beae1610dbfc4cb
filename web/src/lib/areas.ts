/** Which pages of this application the reader can open, for features that lead to others without knowing them. */
import { createContext, useContext } from 'react';

export const ReachableAreas = createContext<readonly string[]>([]);

/** The first of these pages that the reader can open; a link that leads nowhere is not shown. */
export function useReachable(candidates: readonly string[]): string | undefined {
  const areas = useContext(ReachableAreas);
  return candidates.find((path) => areas.some((area) => area !== '/' && path.startsWith(area)));
}
