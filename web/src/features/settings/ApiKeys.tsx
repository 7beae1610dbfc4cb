import { Badge, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { day } from '@/lib/format';
import { tell } from '@/lib/notify';
import { usePages } from '@/lib/pages';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Empty } from '@/ui/Empty';
import { Loaded } from '@/ui/Loaded';
import { MorePages } from '@/ui/MorePages';
import { Section } from '@/ui/Section';

import { NewApiKeyDialog } from './NewApiKeyDialog';
import { scopeText } from './scopes';

export const API_KEYS = ['api-keys'] as const;
type ApiKey = Schemas['ApiKeyOut'];

/** Keys of tills, shops and programs. */
export function ApiKeys({ timeZone }: { readonly timeZone: string }) {
  const { t } = useTranslation('settings');
  const [making, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const keys = usePages(API_KEYS, async (cursor) =>
    data(await api.GET('/api/v1/api-keys', { params: { query: cursor ? { cursor } : {} } })),
  );
  const make = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setMaking(true)}>
      {t('newKey')}
    </Button>
  );
  return (
    <Section title={t('tab.keys')} lead={t('keysLead')} actions={make}>
      <Loaded query={keys}>
        {(items) =>
          items.length === 0 ? (
            <Empty icon={IconKey} title={t('noKeys')} hint={t('noKeysHint')} />
          ) : (
            <Stack component="ul" gap="lg" m={0} p={0} style={{ listStyle: 'none' }}>
              {items.map((key) => (
                <Row key={key.id} apiKey={key} timeZone={timeZone} onRevoke={() => setRevoked(key)} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      <MorePages query={keys} />
      {making && <NewApiKeyDialog onClose={() => setMaking(false)} />}
      {revoked && <RevokeDialog apiKey={revoked} onClose={() => setRevoked(null)} />}
    </Section>
  );
}

interface RowProps {
  readonly apiKey: ApiKey;
  readonly timeZone: string;
  readonly onRevoke: () => void;
}

function Row({ apiKey, timeZone, onRevoke }: RowProps) {
  const { t } = useTranslation('settings');
  const [now] = useState(() => Date.now());
  const ended = apiKey.expires_at !== null && Date.parse(apiKey.expires_at) <= now;
  return (
    <Group component="li" justify="space-between" align="flex-start">
      <div style={{ flex: '1 1 16rem' }}>
        <Group gap="xs">
          <Text fw={600}>{apiKey.name}</Text>
          <Code dir="ltr">…{apiKey.hint}</Code>
          {apiKey.revoked_at && <Badge color="gray">{t('revokedOn', { day: day(apiKey.revoked_at, timeZone) })}</Badge>}
          {!apiKey.revoked_at && ended && <Badge color="gray">{t('ended')}</Badge>}
        </Group>
        <Text size="sm" c="dimmed">
          {t('madeOn', { day: day(apiKey.created_at, timeZone) })}
          {apiKey.expires_at && !ended && ` · ${t('endsOn', { day: day(apiKey.expires_at, timeZone) })}`}
          {apiKey.location_id && ` · ${t('oneLocation')}`}
        </Text>
        <Text size="sm" lineClamp={2}>
          {apiKey.scopes.map((scope) => scopeText(t, scope)).join(' · ')}
        </Text>
      </div>
      {!apiKey.revoked_at && (
        <Button size="xs" variant="default" color="red" aria-label={t('revokeOf', { name: apiKey.name })} onClick={onRevoke}>
          {t('revoke')}
        </Button>
      )}
    </Group>
  );
}

function RevokeDialog({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: async () =>
      data(await api.DELETE('/api/v1/api-keys/{api_key_id}', { params: { path: { api_key_id: apiKey.id } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: API_KEYS });
      tell(t('revoked'));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t('revokeTitle', { name: apiKey.name })}
      action={t('revoke')}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
      pending={revoke.isPending}
      fault={revoke.error}
      danger
    >
      <Text>{t('revokeLead')}</Text>
    </ConfirmDialog>
  );
}
