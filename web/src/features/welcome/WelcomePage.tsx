import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, Route, Routes, useNavigate, useParams } from 'react-router';

import type { Schemas } from '@/lib/api';
import { useMay, useMe } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { PageSkeleton } from '@/ui/Page';

import { Frame } from './Frame';
import { type Draft, useWelcomeDraft } from './model/draft';
import { type CardPreview, type StepName, type StepProps, STEPS } from './step';
import { CardStep } from './steps/CardStep';
import { PhoneStep } from './steps/PhoneStep';
import { PosterStep } from './steps/PosterStep';
import { ProgramStep } from './steps/ProgramStep';
import { ShopStep } from './steps/ShopStep';

interface WelcomePageProps {
  readonly preview: CardPreview;
}

/** From a new organization to a card on a phone. */
export function WelcomePage({ preview }: WelcomePageProps) {
  const { t } = useTranslation('welcome');
  const { data: me } = useMe();
  const may = useMay();
  if (!me) return <PageSkeleton />;
  if (!may('organization:write') || !may('programs:write')) {
    const home = <Button component={Link} to="/" variant="light">{t('common:toHome')}</Button>;
    return <Empty icon={IconLock} title={t('notYours')} hint={t('notYoursHint')} action={home} />;
  }
  return (
    <Routes>
      <Route path=":step" element={<Steps key={me.organization.id} organization={me.organization} preview={preview} />} />
      <Route path="*" element={<Resumed key={me.organization.id} organization={me.organization} />} />
    </Routes>
  );
}

/** The step at which somebody stopped. */
function reached({ shop, kind, madeId, designedAs }: Draft): StepName {
  if (madeId !== null) return designedAs === null ? 'card' : 'phone';
  return kind === null && shop === null ? 'shop' : 'program';
}

function Resumed({ organization }: { readonly organization: Schemas['OrganizationOut'] }) {
  const [draft] = useWelcomeDraft(organization.id);
  return <Navigate to={`/welcome/${reached(draft)}`} replace />;
}

interface StepsProps {
  readonly organization: Schemas['OrganizationOut'];
  readonly preview: CardPreview;
}

function Steps({ organization, preview }: StepsProps) {
  const navigate = useNavigate();
  const { step: asked } = useParams();
  const [draft, change] = useWelcomeDraft(organization.id);
  const wanted = STEPS.find((name) => name === asked) ?? 'shop';
  const step = isOpen(wanted, draft) ? wanted : reached(draft);
  const props: StepProps = {
    organization,
    draft,
    change,
    go: (name) => {
      void navigate(`/welcome/${name}`);
      window.scrollTo({ top: 0 });
    },
  };
  return (
    <Frame steps={STEPS} step={step} colour={draft.shop?.colour ?? organization.brand.background ?? '#0f5c4d'}>
      {step === 'shop' && <ShopStep {...props} />}
      {step === 'program' && <ProgramStep {...props} />}
      {step === 'card' && <CardStep {...props} preview={preview} />}
      {step === 'phone' && <PhoneStep {...props} />}
      {step === 'poster' && <PosterStep {...props} />}
    </Frame>
  );
}

/** Whether what a step builds on is there. */
function isOpen(step: StepName, { kind, answers, madeId }: Draft): boolean {
  if (step === 'card') return kind !== null && answers !== null;
  if (step === 'phone' || step === 'poster') return madeId !== null;
  return true;
}
