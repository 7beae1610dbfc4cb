import { Modal, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { onSessionExpired } from '@/lib/api';
import { ME, type Me, useMe } from '@/lib/session';
import { Loaded } from '@/ui/Loaded';

import { SignInForm } from './SignInForm';
import { SignInPage } from './SignInPage';

/**
 * Shows what is inside to somebody who is signed in. A session that ends meanwhile is renewed in a window above the
 * page, which stays as it is: nothing that was typed is lost.
 */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('signin');
  const me = useMe();
  const client = useQueryClient();
  const [ended, setEnded] = useState(false);
  useEffect(() => onSessionExpired(() => setEnded(Boolean(client.getQueryData<Me | null>(ME)))), [client]);
  const renewed = () => {
    setEnded(false);
    void client.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' });
  };
  return (
    <Loaded query={me}>
      {(caller) =>
        caller === null && !ended ? (
          <SignInPage />
        ) : (
          <>
            {children}
            <Modal opened={ended} onClose={() => undefined} withCloseButton={false} title={t('title')} centered>
              <Text mb="md">{t('expired')}</Text>
              <SignInForm onDone={renewed} {...(caller?.email ? { email: caller.email } : {})} />
            </Modal>
          </>
        )
      }
    </Loaded>
  );
}
