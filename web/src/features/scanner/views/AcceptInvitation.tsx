import { Button, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Loaded } from '@/ui/Loaded';

import { openTill } from '../offline/database';
import { countQueued } from '../offline/queue';
import { actAsTill } from '../till/identity';
import { type Invitation, PAIRING_SCOPE, accept, endInvitation } from '../till/pairing';
import { PairForm } from './Pairing';

interface AcceptInvitationProps {
  readonly invitation: Invitation;
  readonly onIn: () => Promise<void>;
  readonly onCancel: () => void;
}

/** With a key in hand: one that may pair makes this browser a till, any other is the till's own from now on. */
export function AcceptInvitation({ invitation, onIn, onCancel }: AcceptInvitationProps) {
  const { t } = useTranslation(['scanner', 'common']);
  const host = useQuery({
    queryKey: ['host', invitation.key],
    queryFn: async () => {
      const me = await accept(invitation);
      if (!me.scopes.includes(PAIRING_SCOPE)) {
        await actAsTill({ key: invitation.key, id: null });
        await onIn();
      }
      const db = await openTill(me.organization.id);
      return { me, db, queued: await countQueued(db) };
    },
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  const paired = async () => {
    await endInvitation(invitation);
    await onIn();
  };
  return (
    <Stack>
      <Loaded query={host}>
        {({ me, db, queued }) => (
          <>
            <Title order={2} size="h4">
              {t('pair.accept', { organization: me.organization.name })}
            </Title>
            {queued > 0 ? <Text>{t('pair.waiting')}</Text> : <PairForm db={db} scopes={me.scopes} onPaired={paired} />}
          </>
        )}
      </Loaded>
      <Button variant="subtle" onClick={onCancel}>
        {t('common:cancel')}
      </Button>
    </Stack>
  );
}
