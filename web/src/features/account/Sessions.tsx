import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { instant } from '@/lib/format';
import { tell } from '@/lib/notify';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Section } from '@/ui/Section';

import { browserName } from './browsers';

export const SESSIONS = ['own-sessions'] as const;
type Session = Schemas['SessionOut'];

/** Where the caller is signed in, and signing out elsewhere. */
export function Sessions({ timeZone }: { readonly timeZone: string }) {
  const { t } = useTranslation('account');
  const client = useQueryClient();
  const sessions = useQuery({ queryKey: SESSIONS, queryFn: async () => data(await api.GET('/api/v1/me/sessions')) });
  const end = useMutation({
    mutationFn: async (session: Session | null) => {
      if (session) {
        await api.DELETE('/api/v1/me/sessions/{session_id}', { params: { path: { session_id: session.id } } });
      } else {
        await api.POST('/api/v1/me/sessions/end-others');
      }
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: SESSIONS });
      tell(t('signedOut'));
    },
  });
  return (
    <Section title={t('sessions')} lead={t('sessionsLead')}>
      {end.isError && <Fault fault={end.error} />}
      <Loaded query={sessions}>
        {({ items }) => (
          <>
            <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
              {items.map((session) => (
                <li key={session.id}>
                  <Group justify="space-between">
                    <div>
                      <Group gap="xs">
                        <Text fw={600}>{browserName(session.browser) ?? t('unknownBrowser')}</Text>
                        {session.current && <Badge variant="light">{t('here')}</Badge>}
                      </Group>
                      <Text size="sm" c="dimmed">
                        {t(`method.${session.method}`)} · {instant(session.created_at, timeZone)}
                      </Text>
                    </div>
                    {!session.current && (
                      <Button size="xs" variant="default" onClick={() => end.mutate(session)}>
                        {t('signOutThere')}
                      </Button>
                    )}
                  </Group>
                </li>
              ))}
            </Stack>
            {items.length > 1 && (
              <Group>
                <Button variant="default" loading={end.isPending} onClick={() => end.mutate(null)}>
                  {t('signOutElsewhere')}
                </Button>
              </Group>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}
