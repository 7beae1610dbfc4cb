import { Route, Routes } from 'react-router';

import type { PanelProps } from '../sections';

import { AchievementForm } from './AchievementForm';
import { Achievements } from './Achievements';
import { OccasionsForm } from './OccasionsForm';

/** What a programme gives beside purchases: for friends, birthdays and goals; and households. */
export function CommunityPanel({ program }: PanelProps) {
  return (
    <Routes>
      <Route
        index
        element={
          <>
            <OccasionsForm key={program.id} program={program} />
            <Achievements program={program} />
          </>
        }
      />
      <Route path="achievements/new" element={<AchievementForm program={program} />} />
    </Routes>
  );
}
