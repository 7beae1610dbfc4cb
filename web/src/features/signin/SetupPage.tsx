import { Alert, Anchor, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Door } from './Door';
import { useLinkToken } from './NewPasswordPage';
import { OpenOrganizationForm } from './OpenOrganizationForm';
import { useSignInOptions } from './options';

/** The first organization of a server, opened by the link that it printed when it started. */
export function SetupPage() {
  const { t } = useTranslation('signin');
  const token = useLinkToken();
  const { data: options } = useSignInOptions();
  const isOver = options !== undefined && !options.setup && !options.sign_up;
  return (
    <Door title={t('open')}>
      {isOver ? (
        <Alert icon={<IconInfoCircle aria-hidden />}>{t('setupDone')}</Alert>
      ) : (
        <>
          <Text size="sm">{t('openLead')}</Text>
          <OpenOrganizationForm setupToken={token} />
        </>
      )}
      <Anchor component={Link} to="/">{t('have')}</Anchor>
    </Door>
  );
}
