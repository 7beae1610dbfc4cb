/** Which colours of a design are hard to read. */
import { LABEL_CONTRAST, TEXT_CONTRAST, contrast, readable } from '@/lib/colours';

import type { Design } from './design';

export * from '@/lib/colours';

export interface ContrastFault {
  readonly path: string;
  readonly ratio: number;
  readonly least: number;
  readonly better: string;
}

/** Which colours are hard to read, by the server's rule, and what would be better. */
export function contrastFaults(design: Design): ContrastFault[] {
  const { background, foreground, label, strip } = design.colours;
  const pairs: [path: string, colour: string, ground: string, least: number][] = [
    ['colours.foreground', foreground, background, TEXT_CONTRAST],
    ['colours.label', label, background, LABEL_CONTRAST],
  ];
  if (design.stamps?.filled) pairs.push(['stamps.filled', design.stamps.filled, strip ?? background, LABEL_CONTRAST]);
  return pairs.flatMap(([path, colour, ground, least]) => {
    const ratio = contrast(colour, ground);
    return ratio < least ? [{ path, ratio: Math.trunc(ratio * 100) / 100, least, better: readable(colour, ground, least) }] : [];
  });
}
