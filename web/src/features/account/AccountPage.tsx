import { useTranslation } from 'react-i18next';

import { useMe } from '@/lib/session';
import { Page } from '@/ui/Page';

import { OwnName } from './OwnName';
import { OwnPassword } from './OwnPassword';
import { Passkeys } from './Passkeys';
import { SecondFactor } from './SecondFactor';
import { Sessions } from './Sessions';

/** The caller's own account: name, password, second factor, passkeys, sessions. */
export function AccountPage() {
  const { t } = useTranslation('account');
  const { data: me } = useMe();
  if (!me?.name) return null;
  return (
    <Page title={t('title')} lead={t('lead')}>
      <OwnName name={me.name} />
      <OwnPassword />
      <SecondFactor />
      <Passkeys />
      <Sessions timeZone={me.organization.time_zone} />
    </Page>
  );
}
