import { useTranslation } from 'react-i18next';
import { Route, Routes } from 'react-router';

import { Page } from '@/ui/Page';
import { SectionNav } from '@/ui/SectionNav';

import { Catalogue } from './Catalogue';
import { FulfilmentBoard } from './FulfilmentBoard';
import { IssuedRewards } from './IssuedRewards';
import { EditReward, NewReward } from './RewardEditor';

/** Rewards of all programmes: what there is, what was taken, what is to be handed over. */
export function RewardsPage() {
  return (
    <Routes>
      <Route path="new" element={<NewReward />} />
      <Route path="edit/:id" element={<EditReward />} />
      <Route path="*" element={<Sections />} />
    </Routes>
  );
}

function Sections() {
  const { t } = useTranslation('rewards');
  const sections = [
    { to: '/rewards', label: t('catalogue'), end: true },
    { to: '/rewards/issued', label: t('issued.title') },
    { to: '/rewards/fulfilment', label: t('board.title') },
  ];
  return (
    <Page title={t('title')} lead={t('lead')}>
      <SectionNav label={t('title')} sections={sections} />
      <Routes>
        <Route index element={<Catalogue />} />
        <Route path="issued" element={<IssuedRewards />} />
        <Route path="fulfilment" element={<FulfilmentBoard />} />
      </Routes>
    </Page>
  );
}
