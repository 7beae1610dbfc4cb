import { type ComponentType, lazy } from 'react';

import { ProgramsPage } from '@/features/programs/ProgramsPage';
import type { PanelProps } from '@/features/programs/sections';

const lazyPanel = (load: () => Promise<ComponentType<PanelProps>>) => lazy(async () => ({ default: await load() }));
const PANELS = {
  promotions: lazyPanel(async () => (await import('@/features/promotions/PromotionsPanel')).PromotionsPanel),
  tiers: lazyPanel(async () => (await import('@/features/tiers/TiersPanel')).TiersPanel),
  rewards: lazyPanel(async () => (await import('@/features/rewards/Catalogue')).RewardsPanel),
};

/** Programmes, with what other features show of one. */
export function ProgramsArea() {
  return <ProgramsPage panels={PANELS} />;
}
