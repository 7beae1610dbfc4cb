import { Button, Group, Stack, Switch, Text, Textarea } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant, money } from '@/lib/format';
import { useSaving } from '@/lib/saving';
import { useMay, useMe } from '@/lib/session';
import { ActorName } from '@/ui/ActorName';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { CustomerName } from '@/ui/CustomerName';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';

import { toldBy } from './operation';
import { HOME, OPERATIONS, type Operation, useCustomerId, useDeviceName, useRefused } from './requests';

type Resolution = NonNullable<Operation['resolution']>;
const RESOLUTIONS: readonly Resolution[] = ['settled', 'dismissed'];

/** What happened at a till without a network and could not be booked afterwards; somebody says what became of it. */
export function RefusedOperations() {
  const { t } = useTranslation('tills');
  const [resolved, setResolved] = useState(false);
  const list = useRefused(resolved);
  const none = resolved ? 'resolved' : 'open';
  return (
    <Stack>
      <Switch label={t('refused.showResolved')} checked={resolved} onChange={({ currentTarget }) => setResolved(currentTarget.checked)} />
      <Listed list={list} empty={<Empty icon={IconChecks} title={t(`refused.none.${none}`)} hint={t(`refused.noneHint.${none}`)} />}>
        {(items) => (
          <Rows
            label={t('refused.title')}
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { name: t('refused.what'), leads: true, cell: (item) => <What item={item} /> },
              { name: t('refused.card'), cell: (item) => <Whose item={item} /> },
              { name: t('refused.till'), cell: (item) => <Till id={item.device_id} /> },
              { name: t('refused.why'), cell: (item) => item.reason?.text ?? '—' },
              { name: t(resolved ? 'refused.became' : 'common:actions'), cell: (item) => (resolved ? <Became item={item} /> : <Resolve item={item} />) },
            ]}
          />
        )}
      </Listed>
    </Stack>
  );
}

function What({ item }: { readonly item: Operation }) {
  const { t } = useTranslation('tills');
  const organization = useMe().data?.organization;
  const { kind, amountMinor, currency, at } = toldBy(item);
  const unit = currency ?? organization?.currency;
  return (
    <>
      <Text fw={600}>{[t(`kind.${kind}`), amountMinor !== null && unit ? money(amountMinor, unit) : ''].filter(Boolean).join(' · ')}</Text>
      <Text size="sm" c="dimmed">{instant(at, organization?.time_zone)}</Text>
    </>
  );
}

function Whose({ item }: { readonly item: Operation }) {
  const customerId = useCustomerId(item.membership_id);
  const { cardEnd } = toldBy(item);
  if (customerId !== undefined) return <CustomerName id={customerId} />;
  return <bdi style={{ whiteSpace: 'nowrap' }}>{cardEnd === null ? '—' : `…${cardEnd}`}</bdi>;
}

function Till({ id }: { readonly id: string }) {
  return <bdi>{useDeviceName(id) ?? '—'}</bdi>;
}

function Became({ item: { resolution, resolution_reason, resolved_by } }: { readonly item: Operation }) {
  const { t } = useTranslation('tills');
  return (
    <>
      <Text size="sm" fw={600}>{resolution && t(`resolution.${resolution}.done`)}</Text>
      <Text size="sm" dir="auto">{resolution_reason}</Text>
      {resolved_by !== null && <ActorName actor={resolved_by} />}
    </>
  );
}

/** Made good by hand, or nothing is owed; either with a reason, which the audit trail keeps. */
function Resolve({ item }: { readonly item: Operation }) {
  const { t } = useTranslation('tills');
  const may = useMay()('ledger:adjust');
  const [resolution, setResolution] = useState<Resolution | null>(null);
  const [reason, setReason] = useState('');
  const save = useSaving({
    save: async (chosen: Resolution) =>
      data(
        await api.POST('/api/v1/offline-operations/{offline_operation_id}/resolve', {
          params: { path: { offline_operation_id: item.id } },
          body: { resolution: chosen, reason },
        }),
      ),
    refresh: [OPERATIONS, HOME],
  });
  if (!may) return null;
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {RESOLUTIONS.map((each) => (
        <Button key={each} size="xs" variant={each === 'settled' ? 'light' : 'default'} onClick={() => setResolution(each)}>
          {t(`resolution.${each}.action`)}
        </Button>
      ))}
      <ConfirmDialog
        opened={resolution !== null}
        title={resolution ? t(`resolution.${resolution}.title`) : ''}
        action={resolution ? t(`resolution.${resolution}.action`) : ''}
        pending={save.isPending}
        fault={save.error}
        onClose={() => setResolution(null)}
        onConfirm={() => resolution && save.mutate(resolution)}
      >
        <Text size="sm">{resolution ? t(`resolution.${resolution}.lead`) : ''}</Text>
        <Textarea label={t('resolution.reason')} description={t('resolution.reasonHint')} required maxLength={300} autosize minRows={2} dir="auto" value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} />
      </ConfirmDialog>
    </Group>
  );
}
