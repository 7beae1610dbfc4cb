import { Route, Routes } from 'react-router';

import { ProgramList } from './ProgramList';
import { ProgramPage } from './ProgramPage';
import { Gallery } from './open/Gallery';
import type { Panels } from './sections';

/** All programmes; the panels of promotions, tiers and rewards come from their own features. */
export function ProgramsPage({ panels }: { readonly panels: Panels }) {
  return (
    <Routes>
      <Route index element={<ProgramList />} />
      <Route path="new" element={<Gallery />} />
      <Route path=":id/*" element={<ProgramPage panels={panels} />} />
    </Routes>
  );
}
