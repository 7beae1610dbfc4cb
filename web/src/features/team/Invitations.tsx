import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { instant } from '@/lib/format';
import { tell } from '@/lib/notify';
import { usePages } from '@/lib/pages';
import { useMay, useMe } from '@/lib/session';
import { AskFirst } from '@/ui/AskFirst';
import { Loaded } from '@/ui/Loaded';
import { MorePages } from '@/ui/MorePages';
import { Section } from '@/ui/Section';

export const INVITATIONS = ['invitations'] as const;
type Invitation = Schemas['InvitationOut'];

/** Who was invited and has not come yet. */
export function Invitations() {
  const { t } = useTranslation('team');
  const invitations = usePages(INVITATIONS, async (cursor) =>
    data(await api.GET('/api/v1/invitations', { params: { query: cursor ? { cursor } : {} } })),
  );
  return (
    <Section title={t('invitations')} lead={t('invitationsLead')}>
      <Loaded query={invitations}>
        {(open) =>
          open.length === 0 ? (
            <Text c="dimmed">{t('noInvitations')}</Text>
          ) : (
            <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
              {open.map((invitation) => (
                <Row key={invitation.id} invitation={invitation} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      <MorePages query={invitations} />
    </Section>
  );
}

function Row({ invitation }: { readonly invitation: Invitation }) {
  const { t } = useTranslation('team');
  const may = useMay();
  const { data: me } = useMe();
  const client = useQueryClient();
  const withdraw = useMutation({
    mutationFn: async () => {
      await api.DELETE('/api/v1/invitations/{invitation_id}', { params: { path: { invitation_id: invitation.id } } });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: INVITATIONS });
      tell(t('withdrawn'));
    },
  });
  return (
    <li>
      <Group justify="space-between">
        <div>
          <Text fw={600}>
            <bdi>{invitation.email}</bdi>
          </Text>
          <Text size="sm" c="dimmed">
            {t('invitedAs', {
              role: t(`roles.${invitation.role}.name`),
              until: instant(invitation.expires_at, me?.organization.time_zone),
            })}
          </Text>
        </div>
        {may('operators:write') && (
          <AskFirst
            title={t('withdrawTitle', { email: invitation.email })}
            lead={t('withdrawLead')}
            action={t('withdraw')}
            write={withdraw}
          >
            {(ask) => (
              <Button size="xs" variant="default" aria-label={t('withdrawOf', { email: invitation.email })} onClick={ask}>
                {t('withdraw')}
              </Button>
            )}
          </AskFirst>
        )}
      </Group>
    </li>
  );
}
