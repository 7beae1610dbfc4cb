/** The sections of a programme's page. */
import type { ComponentType } from 'react';

import type { Program } from './requests';

export interface PanelProps {
  readonly program: Program;
}

export type Panel = ComponentType<PanelProps>;

/** What other features show of a programme. */
export interface Panels {
  readonly promotions: Panel;
  readonly tiers: Panel;
  readonly rewards: Panel;
}

export const SECTIONS = ['overview', 'units', 'rules', 'promotions', 'tiers', 'rewards', 'term', 'community', 'spending'] as const;
export type Section = (typeof SECTIONS)[number];

const COUNTING: ReadonlySet<Section> = new Set(['rules', 'promotions', 'rewards', 'spending']);

/** A programme that counts nothing has neither rules nor what is bought with units. */
export const sectionsOf = (program: Program): readonly Section[] =>
  program.units.length > 0 ? SECTIONS : SECTIONS.filter((section) => !COUNTING.has(section));
