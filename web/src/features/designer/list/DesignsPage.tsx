import { Route, Routes } from 'react-router';

import { DesignerPage } from '../DesignerPage';

import { DesignList } from './DesignList';

/** The area of card designs: all of them, or one that is being worked on. */
export function DesignsPage() {
  return (
    <Routes>
      <Route index element={<DesignList />} />
      <Route path=":id" element={<DesignerPage />} />
    </Routes>
  );
}
