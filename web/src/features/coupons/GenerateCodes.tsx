import { Button, Card, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { Fault } from '@/ui/Fault';
import { QuantityInput } from '@/ui/QuantityInput';

import type { Campaign } from './campaign';
import { example } from './example';

/** Has codes made by the server; how far it is stands below. */
export function GenerateCodes({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useTranslation('coupons');
  const [count, setCount] = useState(100);
  const make = useSaving({
    save: async () => data(await api.POST('/api/v1/coupon-campaigns/{campaign_id}/codes/generate', { params: { path: { campaign_id: campaign.id } }, body: { count } })),
    refresh: [['coupon-campaigns', campaign.id]],
    told: t('generate.started'),
  });
  const faults = refused(make.error, { coupon_pattern_too_weak: 'count', too_many_coupon_codes: 'count' });
  return (
    <Card withBorder component="section">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack>
          <Title order={2} size="h5">{t('generate.title')}</Title>
          {faults.above !== null && <Fault fault={faults.above} />}
          <QuantityInput label={t('generate.count')} min={1} max={1_000_000} value={count} onNumber={setCount} error={faults.at('count')} />
          <Text size="sm" c="dimmed">{t('generate.example')} <Text span ff="monospace" dir="ltr">{example(campaign.pattern)}</Text></Text>
          <Button type="submit" loading={make.isPending} style={{ alignSelf: 'flex-start' }}>{t('generate.action')}</Button>
        </Stack>
      </form>
    </Card>
  );
}
