import { useCallback, useEffect, useState } from 'react';

import { onSessionExpired } from '@/lib/api';

import { type Who, identify, signOut, signedIn } from './identity';
import { useReachable } from './network';

/** `ended`: whoever works here must sign in again; what lies on the counter stays there meanwhile. */
export type Identity =
  | { readonly phase: 'starting' }
  | { readonly phase: 'out' }
  | { readonly phase: 'in'; readonly who: Who; readonly ended: boolean }
  | { readonly phase: 'fault'; readonly fault: unknown };

export interface IdentityActions {
  readonly identity: Identity;
  readonly identifyAgain: () => Promise<void>;
  readonly onSignedIn: () => Promise<void>;
  readonly onSignOut: () => Promise<void>;
}

/** Who works at this till; asked again whenever the network comes back. */
export function useIdentity(): IdentityActions {
  const [identity, setIdentity] = useState<Identity>({ phase: 'starting' });
  const reachable = useReachable();

  const identifyAgain = useCallback(async () => {
    try {
      const who = await identify();
      setIdentity((before) => (who ? { phase: 'in', who, ended: false } : before.phase === 'in' ? { ...before, ended: true } : { phase: 'out' }));
    } catch (fault) {
      setIdentity((before) => (before.phase === 'in' ? before : { phase: 'fault', fault }));
    }
  }, []);

  useEffect(() => {
    void identifyAgain();
  }, [identifyAgain, reachable]);

  useEffect(
    () =>
      onSessionExpired(() => setIdentity((before) => (before.phase === 'in' ? { ...before, ended: true } : before))),
    [],
  );

  const onSignedIn = useCallback(async () => {
    await signedIn();
    await identifyAgain();
  }, [identifyAgain]);

  const onSignOut = useCallback(async () => {
    await signOut();
    setIdentity({ phase: 'out' });
    await identifyAgain();
  }, [identifyAgain]);

  return { identity, identifyAgain, onSignedIn, onSignOut };
}
