import { Badge, Group, Select, Stack, Text } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { instant, money, percent, whole } from '@/lib/format';
import { useMay, useMe } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { CustomerName } from '@/ui/CustomerName';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Page } from '@/ui/Page';
import { Rows } from '@/ui/Rows';

import { Assign } from './Assign';
import { PlaceName, PlaceSelect } from './PlaceSelect';
import { ReceiptSettings } from './ReceiptSettings';
import { type Receipt, type ReceiptState, useReceipts, useShare } from './requests';

const STATES: readonly ReceiptState[] = ['open', 'claimed', 'expired', 'refunded', 'voided'];
const COLOURS: Record<ReceiptState, string> = { open: 'blue', claimed: 'teal', expired: 'gray', refunded: 'gray', voided: 'gray' };

/** Purchases that named nobody when they were told, and whose they are by now. */
export function ReceiptsPage() {
  const { t } = useTranslation('customers');
  const [state, setState] = useState<ReceiptState | null>(null);
  const [location, setLocation] = useState<string | null>(null);
  const list = useReceipts({ state, location });
  return (
    <Stack gap="xs">
      <BackLink to="/customers" label={t('title')} />
      <Page title={t('receipts.title')} lead={t('receipts.lead')}>
        <Group align="flex-end">
          <Select
            label={t('receipts.state')}
            placeholder={t('filters.any')}
            data={STATES.map((each) => ({ value: each, label: t(`receipts.states.${each}`) }))}
            value={state}
            clearable
            onChange={(chosen) => setState(STATES.find((each) => each === chosen) ?? null)}
          />
          <PlaceSelect value={location} onChange={setLocation} />
          <Share location={location} />
        </Group>
        <Listed list={list} empty={<Empty icon={IconReceipt} title={t('receipts.none')} hint={t(state !== null || location !== null ? 'after.filtered' : 'receipts.noneHint')} />}>
          {(items) => (
            <Rows
              label={t('receipts.title')}
              items={items}
              keyOf={({ id }) => id}
              columns={[
                { name: t('receipts.receipt'), leads: true, cell: (item) => <What receipt={item} /> },
                { name: t('after.location'), cell: (item) => <PlaceName id={item.location_id} /> },
                { name: t('receipts.state'), cell: (item) => <State receipt={item} /> },
                { name: t('receipts.whose'), cell: (item) => (item.customer_id === null ? <Assign receipt={item} /> : <CustomerName id={item.customer_id} />) },
              ]}
            />
          )}
        </Listed>
        <ReceiptSettings />
      </Page>
    </Stack>
  );
}

function Share({ location }: { readonly location: string | null }) {
  const { t } = useTranslation('customers');
  const share = useShare(location).data;
  if (share === undefined || share.told === 0) return null;
  return (
    <Text size="sm" pb={8}>
      {t('receipts.share', { share: percent(share.claimed / share.told), claimed: whole(share.claimed), told: whole(share.told), days: whole(share.days) })}
    </Text>
  );
}

function What({ receipt }: { readonly receipt: Receipt }) {
  const zone = useMe().data?.organization.time_zone;
  const may = useMay()('scans:write');
  return (
    <div>
      <Text fw={600}>
        <bdi>{receipt.reference ?? '—'}</bdi> · {money(receipt.amount_minor - receipt.refunded_minor, receipt.currency)}
      </Text>
      <Text size="sm" c="dimmed">
        {instant(receipt.occurred_at, zone)}
        {may && receipt.state === 'open' && <> · <bdi dir="ltr" style={{ whiteSpace: 'nowrap' }}>{receipt.code}</bdi></>}
      </Text>
    </div>
  );
}

function State({ receipt }: { readonly receipt: Receipt }) {
  const { t } = useTranslation('customers');
  const zone = useMe().data?.organization.time_zone;
  const at = receipt.state === 'claimed' ? receipt.claimed_at : receipt.state === 'open' ? receipt.claim_until : null;
  return (
    <div>
      <Badge variant="light" tt="none" color={COLOURS[receipt.state]}>
        {t(`receipts.states.${receipt.state}`)}
      </Badge>
      {at !== null && (
        <Text size="xs" c="dimmed">
          {t(receipt.state === 'open' ? 'receipts.until' : 'receipts.since', { at: instant(at, zone) })}
        </Text>
      )}
    </div>
  );
}
