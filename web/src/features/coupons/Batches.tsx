import { Button, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { instant, whole } from '@/lib/format';
import { useSaving } from '@/lib/saving';
import { useMe } from '@/lib/session';
import { AskFirst } from '@/ui/AskFirst';
import { Loaded } from '@/ui/Loaded';

import type { Campaign } from './campaign';

type Batch = Schemas['ImportedOut']['batch'];
const isUnderWay = ({ state }: Batch) => state === 'queued' || state === 'running';

/** What was made and imported at once; while codes are being made, how far that is. */
export function Batches({ campaign, canCancel }: { readonly campaign: Campaign; readonly canCancel: boolean }) {
  const { t } = useTranslation('coupons');
  const client = useQueryClient();
  const batches = useQuery({
    queryKey: ['coupon-campaigns', campaign.id, 'batches'],
    queryFn: async () => data(await api.GET('/api/v1/coupon-campaigns/{campaign_id}/batches', { params: { path: { campaign_id: campaign.id }, query: { limit: 5 } } })).items,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? 1_000 : false),
  });
  const going = batches.data?.some(isUnderWay) ?? false;
  const wasGoing = useRef(false);
  useEffect(() => {
    if (wasGoing.current && !going) void client.invalidateQueries({ queryKey: ['coupon-campaigns', campaign.id] });
    wasGoing.current = going;
  }, [going, client, campaign.id]);
  return (
    <Loaded query={batches}>
      {(items) =>
        items.length === 0 ? null : (
          <Stack gap="xs">
            <Title order={2} size="h5">{t('batch.title')}</Title>
            {items.map((batch) => (
              <BatchRow key={batch.id} batch={batch} campaignId={campaign.id} canCancel={canCancel} />
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}

function BatchRow({ batch, campaignId, canCancel }: { readonly batch: Batch; readonly campaignId: string; readonly canCancel: boolean }) {
  const { t } = useTranslation('coupons');
  const { data: me } = useMe();
  const cancel = useSaving({
    save: async () => data(await api.POST('/api/v1/coupon-batches/{batch_id}/cancel', { params: { path: { batch_id: batch.id } } })),
    refresh: [['coupon-campaigns', campaignId]],
  });
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {t(`batch.${batch.kind}`)} · {instant(batch.created_at, me?.organization.time_zone)}
        </Text>
        <Group gap="xs">
          <Text size="sm" c="dimmed">{t('batch.made', { made: whole(batch.made), of: whole(batch.requested) })} · {t(`batch.state.${batch.state}`)}</Text>
          {canCancel && isUnderWay(batch) && (
            <AskFirst title={t('batch.cancelTitle')} lead={t('batch.cancelLead')} action={t('batch.cancel')} write={cancel}>
              {(ask) => <Button size="xs" variant="default" onClick={ask}>{t('batch.cancel')}</Button>}
            </AskFirst>
          )}
        </Group>
      </Group>
      {isUnderWay(batch) && <Progress value={(100 * batch.made) / Math.max(1, batch.requested)} animated mt={4} aria-label={t('batch.progress')} />}
    </div>
  );
}
