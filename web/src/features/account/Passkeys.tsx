import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { day } from '@/lib/format';
import { tell } from '@/lib/notify';
import { passkeysWork } from '@/lib/passkeys';
import { AskFirst } from '@/ui/AskFirst';
import { Loaded } from '@/ui/Loaded';
import { Section } from '@/ui/Section';

import { AddPasskeyDialog } from './AddPasskeyDialog';

export const PASSKEYS = ['passkeys'] as const;
type Passkey = Schemas['PasskeyOut'];

/** Signing in with the lock of a phone or computer. */
export function Passkeys() {
  const { t } = useTranslation('account');
  const [adding, setAdding] = useState(false);
  const passkeys = useQuery({ queryKey: PASSKEYS, queryFn: async () => data(await api.GET('/api/v1/me/passkeys')) });
  const options = useQuery({
    queryKey: ['sign-in-options'],
    staleTime: Infinity,
    queryFn: async () => data(await api.GET('/api/v1/sign-in-options')),
  });
  const possible = options.data?.passkeys === true && passkeysWork();
  return (
    <Section title={t('passkeys')} lead={t('passkeysLead')}>
      <Loaded query={passkeys}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed">{t('noPasskeys')}</Text>
          ) : (
            <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
              {items.map((passkey) => (
                <Row key={passkey.id} passkey={passkey} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      {options.data && !possible && <Text size="sm">{t('passkeysImpossible')}</Text>}
      {possible && (
        <Group>
          <Button variant="default" onClick={() => setAdding(true)}>
            {t('addPasskey')}
          </Button>
        </Group>
      )}
      {adding && <AddPasskeyDialog onClose={() => setAdding(false)} />}
    </Section>
  );
}

function Row({ passkey }: { readonly passkey: Passkey }) {
  const { t } = useTranslation('account');
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: async () => {
      await api.DELETE('/api/v1/me/passkeys/{passkey_id}', { params: { path: { passkey_id: passkey.id } } });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: PASSKEYS });
      tell(t('passkeyRemoved'));
    },
  });
  const used = passkey.last_used_at ? t('lastUsed', { day: day(passkey.last_used_at) }) : t('neverUsed');
  return (
    <li>
      <Group justify="space-between">
        <div>
          <Text fw={600}>{passkey.name}</Text>
          <Text size="sm" c="dimmed">
            {t('addedOn', { day: day(passkey.created_at) })} · {used}
          </Text>
        </div>
        <AskFirst
          title={t('removeTitle', { name: passkey.name })}
          lead={t('removeLead')}
          action={t('remove')}
          write={remove}
        >
          {(ask) => (
            <Button size="xs" variant="default" aria-label={t('removeOf', { name: passkey.name })} onClick={ask}>
              {t('remove')}
            </Button>
          )}
        </AskFirst>
      </Group>
    </li>
  );
}
