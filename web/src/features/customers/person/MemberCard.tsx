import { Badge, Button, Group, List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconBrandApple, IconBrandGoogle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { instant } from '@/lib/format';
import { useMay, useMe } from '@/lib/session';
import { CardLink } from '@/ui/CardLink';
import { Fault } from '@/ui/Fault';

import { type Member, useWrite } from '../api';
import { RenewCode } from './RenewCode';
import { RevokeCard } from './RevokeCard';

type Pass = Schemas['PassDetail'];

/** The card of a membership: whether there is one, on which phones, and whether these know of the last change. */
export function MemberCard({ member, customerId }: { readonly member: Member; readonly customerId: string }) {
  const card = useQuery({
    queryKey: ['customers', customerId, 'card', member.id],
    queryFn: async (): Promise<Pass | null> => {
      const { items } = data(await api.GET('/api/v1/passes', { params: { query: { customer_id: customerId, kind: 'membership', limit: 200 } } }));
      const own = items.find((one) => one.membership_id === member.id);
      return own ? data(await api.GET('/api/v1/passes/{pass_id}', { params: { path: { pass_id: own.id } } })) : null;
    },
  });
  if (card.isError) return <Fault fault={card.error} retry={() => void card.refetch()} />;
  if (card.data === undefined) return null;
  return card.data === null ? <NoCard member={member} /> : <Issued pass={card.data} />;
}

function NoCard({ member }: { readonly member: Member }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const issue = useWrite(() => api.POST('/api/v1/passes', { body: { membership_id: member.id } }));
  return (
    <Stack gap="xs">
      {issue.isError && <Fault fault={issue.error} />}
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {t('card.none')}
        </Text>
        {may('passes:write') && member.state === 'active' && (
          <Button size="xs" variant="light" loading={issue.isPending} onClick={() => issue.mutate(undefined)}>
            {t('card.issue')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

export function Issued({ pass }: { readonly pass: Pass }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const [shown, setShown] = useState<'link' | 'renew' | 'revoke' | null>(null);
  const isBlocked = pass.state === 'revoked';
  const reinstate = useWrite(() => api.POST('/api/v1/passes/{pass_id}/reinstate', { params: { path: { pass_id: pass.id } } }));
  const giveLink = async () => data(await api.POST('/api/v1/passes/{pass_id}/link', { params: { path: { pass_id: pass.id } } }));
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Badge variant="light" tt="none" color={isBlocked ? 'red' : pass.installed ? 'teal' : 'gray'}>
            {isBlocked ? t('card.blocked') : pass.installed ? t('installed', { count: pass.installed }) : t('notInstalled')}
          </Badge>
          <Text size="sm" ff="monospace" dir="ltr" c="dimmed">
            {pass.code?.replace(/(.{4})(?=.)/g, '$1 ')}
          </Text>
        </Group>
        {may('passes:write') && (
          <Group gap="xs">
            {isBlocked ? (
              <Button size="xs" variant="default" loading={reinstate.isPending} onClick={() => reinstate.mutate(undefined)}>
                {t('card.reinstate')}
              </Button>
            ) : (
              <>
                <Button size="xs" variant="light" onClick={() => setShown('link')}>
                  {t('card.send')}
                </Button>
                {pass.kind === 'membership' && (
                  <Button size="xs" variant="subtle" onClick={() => setShown('renew')}>
                    {t('card.renew')}
                  </Button>
                )}
                <Button size="xs" variant="subtle" color="red" onClick={() => setShown('revoke')}>
                  {t('card.block')}
                </Button>
              </>
            )}
          </Group>
        )}
      </Group>
      {reinstate.isError && <Fault fault={reinstate.error} />}
      <Installations pass={pass} />
      <CardLink of={pass.id} give={giveLink} opened={shown === 'link'} onClose={() => setShown(null)} />
      <RenewCode passId={pass.id} opened={shown === 'renew'} onClose={() => setShown(null)} />
      <RevokeCard passId={pass.id} opened={shown === 'revoke'} onClose={() => setShown(null)} />
    </Stack>
  );
}

function Installations({ pass }: { readonly pass: Pass }) {
  const { t } = useTranslation('customers');
  const { data: me } = useMe();
  const zone = me?.organization.time_zone;
  const state = (one: Schemas['InstallationOut']) => {
    if (one.removed_at) return t('card.removed', { at: instant(one.removed_at, zone) });
    if (one.last_error) return t('card.failing');
    if (one.fetched_version >= pass.version) return t('card.upToDate');
    return t(one.told_version >= pass.version ? 'card.told' : 'card.waiting');
  };
  if (pass.installations.length === 0) return null;
  return (
    <List size="sm" spacing={4} listStyleType="none">
      {pass.installations.map((one) => (
        <List.Item key={one.id} icon={one.wallet === 'apple' ? <IconBrandApple size={16} aria-hidden /> : <IconBrandGoogle size={16} aria-hidden />}>
          {t(`wallet.${one.wallet}`)} · {t('card.since', { at: instant(one.installed_at, zone) })} · {state(one)}
        </List.Item>
      ))}
    </List>
  );
}
