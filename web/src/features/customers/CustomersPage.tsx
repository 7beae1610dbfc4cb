import { useState } from 'react';
import { Route, Routes } from 'react-router';

import { FeedbackPage } from './afterwards/FeedbackPage';
import { ReceiptsPage } from './afterwards/ReceiptsPage';
import { DirectoryPage } from './directory/DirectoryPage';
import { ImportPage } from './imports/ImportPage';
import { ImportsPage } from './imports/ImportsPage';
import { CustomerPage } from './person/CustomerPage';

/** The area of customers. What was searched for stays here, and never in an address: it may be contact data. */
export function CustomersPage() {
  const [text, setText] = useState('');
  return (
    <Routes>
      <Route index element={<DirectoryPage text={text} onText={setText} />} />
      <Route path="imports" element={<ImportsPage />} />
      <Route path="imports/:importId" element={<ImportPage />} />
      <Route path="receipts" element={<ReceiptsPage />} />
      <Route path="feedback" element={<FeedbackPage />} />
      <Route path=":customerId" element={<CustomerPage />} />
    </Routes>
  );
}
