import { Badge, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconGift } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useSaving } from '@/lib/saving';
import { useMay, useMe } from '@/lib/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { CustomerName } from '@/ui/CustomerName';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';

import type { Issued } from './reward';

const STATES = ['issued', 'held', 'redeemed', 'undone', 'cancelled', 'expired'] as const;
const COLOURS: Readonly<Record<Issued['state'], string>> = { issued: 'teal', held: 'yellow', redeemed: 'blue', undone: 'gray', cancelled: 'gray', expired: 'red' };

/** Everything that was taken and given, newest first. */
export function IssuedRewards() {
  const { t } = useTranslation('rewards');
  const { data: me } = useMe();
  const [state, setState] = useState<Issued['state'] | null>(null);
  const list = useList(['issued-rewards', state], async (query) => data(await api.GET('/api/v1/issued-rewards', { params: { query: { ...query, ...(state ? { state } : {}) } } })));
  const zone = me?.organization.time_zone;
  return (
    <Stack>
      <Select
        label={t('issued.state')}
        placeholder={t('issued.all')}
        clearable
        maw={320}
        data={STATES.map((each) => ({ value: each, label: t(`issuedState.${each}`) }))}
        value={state}
        onChange={(chosen) => setState(STATES.find((each) => each === chosen) ?? null)}
      />
      <Listed list={list} empty={<Empty icon={IconGift} title={t('issued.none')} hint={t('issued.noneHint')} />}>
        {(items) => (
          <Rows
            label={t('issued.title')}
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { name: t('field.name'), leads: true, cell: (item) => <Text fw={600} dir="auto">{item.name}</Text> },
              { name: t('common:customer'), cell: (item) => <CustomerName id={item.customer_id} /> },
              { name: t('issued.state'), cell: (item) => <Badge color={COLOURS[item.state]} variant="light" tt="none">{t(`issuedState.${item.state}`)}</Badge> },
              { name: t('issued.source'), cell: (item) => t(`source.${item.source}`) },
              { name: t('issued.at'), cell: (item) => instant(item.issued_at, zone) },
              { name: t('issued.until'), cell: (item) => (item.expires_at ? instant(item.expires_at, zone) : '—') },
              { name: t('common:actions'), cell: (item) => <IssuedActions item={item} /> },
            ]}
          />
        )}
      </Listed>
    </Stack>
  );
}

/** Hands it over, cancels it before that, or takes it back afterwards. */
function IssuedActions({ item }: { readonly item: Issued }) {
  const { t } = useTranslation('rewards');
  const may = useMay();
  const [doing, setDoing] = useState<'redeem' | 'cancel' | 'undo' | null>(null);
  const [reason, setReason] = useState('');
  const params = { path: { issued_reward_id: item.id } };
  const act = useSaving({
    save: async (what: 'redeem' | 'cancel' | 'undo') => {
      if (what === 'redeem') return data(await api.POST('/api/v1/issued-rewards/{issued_reward_id}/redeem', { params: { path: params.path }, body: {} }));
      if (what === 'cancel') return data(await api.POST('/api/v1/issued-rewards/{issued_reward_id}/cancel', { params: { path: params.path }, body: { reason } }));
      return data(await api.POST('/api/v1/issued-rewards/{issued_reward_id}/undo', { params: { path: params.path } }));
    },
    refresh: [['issued-rewards'], ['board']],
    onSaved: () => setDoing(null),
  });
  const isOpen = item.state === 'issued' || item.state === 'held';
  const actions = [
    ...(item.state === 'issued' && may('rewards:redeem') ? (['redeem'] as const) : []),
    ...(isOpen && may('ledger:adjust') ? (['cancel'] as const) : []),
    ...(item.state === 'redeemed' && may('ledger:adjust') ? (['undo'] as const) : []),
  ];
  if (actions.length === 0) return null;
  return (
    <Group gap={4} justify="flex-end">
      {actions.map((action) => (
        <Button key={action} size="xs" variant={action === 'redeem' ? 'light' : 'default'} aria-label={`${t(`act.${action}`)}: ${item.name}`} onClick={() => setDoing(action)}>
          {t(`act.${action}`)}
        </Button>
      ))}
      <ConfirmDialog
        opened={doing !== null}
        title={doing ? t(`act.${doing}Title`, { name: item.name }) : ''}
        action={doing ? t(doing === 'cancel' ? 'act.cancelGo' : `act.${doing}`) : ''}
        danger={doing !== 'redeem'}
        pending={act.isPending}
        fault={act.error}
        onClose={() => setDoing(null)}
        onConfirm={() => doing && act.mutate(doing)}
      >
        <Text size="sm">{doing ? t(`act.${doing}Lead`) : ''}</Text>
        {doing === 'cancel' && <TextInput label={t('act.reason')} required maxLength={300} dir="auto" value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} />}
      </ConfirmDialog>
    </Group>
  );
}
