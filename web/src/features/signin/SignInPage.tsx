import { Anchor, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Door } from './Door';
import { ForgottenPasswordForm } from './ForgottenPasswordForm';
import { OpenOrganizationForm } from './OpenOrganizationForm';
import { SignInForm } from './SignInForm';
import { useSignInOptions } from './options';

type Shown = 'signIn' | 'open' | 'forgotten';
const TITLES: Record<Shown, string> = { signIn: 'title', open: 'open', forgotten: 'forgottenTitle' };

/** The door: sign in, ask for a new password, or open an organization. */
export function SignInPage() {
  const { t } = useTranslation('signin');
  const { data: options } = useSignInOptions();
  const [shown, setShown] = useState<Shown>('signIn');
  const link = (to: Shown, label: string) => (
    <Anchor component="button" type="button" ta="start" onClick={() => setShown(to)}>
      {t(label)}
    </Anchor>
  );
  const isOpen = options?.sign_up === true;
  return (
    <Door title={t(TITLES[shown])}>
      {shown === 'signIn' && <SignInForm />}
      {shown === 'open' && <OpenOrganizationForm />}
      {shown === 'forgotten' && <ForgottenPasswordForm mails={options?.mail ?? false} />}
      {shown === 'signIn' && link('forgotten', 'forgotten')}
      {shown === 'signIn' && isOpen && <Text size="sm">{t('openLead')}</Text>}
      {shown === 'signIn' && isOpen && link('open', 'open')}
      {shown === 'signIn' && options?.setup === true && <Text size="sm">{t('setupLead')}</Text>}
      {shown !== 'signIn' && link('signIn', shown === 'open' ? 'have' : 'back')}
    </Door>
  );
}
