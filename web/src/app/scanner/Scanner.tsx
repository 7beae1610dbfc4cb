import { Center, Loader, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ScannerPage } from '@/features/scanner/ScannerPage';
import { TillProvider } from '@/features/scanner/till/TillProvider';
import type { Invitation } from '@/features/scanner/till/pairing';
import { useIdentity } from '@/features/scanner/till/useIdentity';
import { Door } from '@/features/scanner/views/Door';
import { SignInForm } from '@/features/signin/SignInForm';
import { Fault } from '@/ui/Fault';

/** The till, and the door in front of it. */
export function Scanner({ invitation }: { readonly invitation: Invitation | null }) {
  const { t } = useTranslation(['scanner', 'common']);
  const { identity, identifyAgain, onSignedIn, onSignOut } = useIdentity();
  const [signingIn, setSigningIn] = useState(false);
  const [invited, setInvited] = useState(invitation);
  const done = () => {
    setSigningIn(false);
    void onSignedIn();
  };
  const entered = async () => {
    setInvited(null);
    await identifyAgain();
  };

  if (identity.phase === 'starting') {
    return (
      <Center mih="100dvh">
        <Loader aria-label={t('scan.reading')} />
      </Center>
    );
  }
  if (identity.phase === 'fault') return <Fault fault={identity.fault} retry={() => void identifyAgain()} />;
  if (identity.phase === 'out' || invited) {
    return <Door key={invited?.key ?? ''} invitation={invited} signInForm={<SignInForm onDone={done} />} onIn={entered} />;
  }
  return (
    <TillProvider key={identity.who.organization.id} who={identity.who} identifyAgain={identifyAgain}>
      <ScannerPage onSignIn={() => setSigningIn(true)} onSignOut={onSignOut} />
      <Modal
        opened={identity.ended || signingIn}
        onClose={() => setSigningIn(false)}
        withCloseButton={!identity.ended}
        closeButtonProps={{ 'aria-label': t('common:close') }}
        title={t('signIn.title')}
        centered
      >
        {identity.ended && <Text mb="md">{t('signIn.expired')}</Text>}
        <SignInForm onDone={done} />
      </Modal>
    </TillProvider>
  );
}
