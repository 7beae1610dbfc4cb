import { Group, SegmentedControl, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { addDays, today } from '@/lib/days';
import { money, whole } from '@/lib/format';
import { useMe } from '@/lib/session';
import { Loaded } from '@/ui/Loaded';
import { Rows } from '@/ui/Rows';
import { Section } from '@/ui/Section';

type Done = Schemas['WorkOut'];

const PERIODS = [1, 7, 30] as const;

/** What everybody did at the counter lately, busiest first. */
export function Work() {
  const { t } = useTranslation('team');
  const { data: me } = useMe();
  const [days, setDays] = useState<number>(7);
  const zone = me?.organization.time_zone ?? 'UTC';
  const report = useQuery({
    queryKey: ['reports', 'team', days, zone],
    placeholderData: keepPreviousData,
    queryFn: async () => data(await api.GET('/api/v1/reports/team', { params: { query: { from: addDays(today(zone), 1 - days) } } })),
  });
  const period = (
    <SegmentedControl
      aria-label={t('work.period')}
      value={String(days)}
      onChange={(value) => setDays(Number(value))}
      data={PERIODS.map((each) => ({ value: String(each), label: t('work.days', { count: each }) }))}
    />
  );
  return (
    <Section title={t('work.title')} lead={t('work.lead')}>
      <Group>{period}</Group>
      <Loaded query={report}>
        {({ items, currency }) => (items.length === 0 ? <Text c="dimmed">{t('work.none')}</Text> : <Table items={items} currency={currency} />)}
      </Loaded>
    </Section>
  );
}

function Table({ items, currency }: { readonly items: readonly Done[]; readonly currency: string }) {
  const { t } = useTranslation('team');
  const { t: common } = useTranslation();
  const nameOf = ({ actor, name }: Done) => name ?? common(actor.startsWith('opr_') ? 'actor.operator' : actor.startsWith('key_') ? 'actor.key' : 'actor.system');
  const figure = (name: 'visits' | 'rewards' | 'undone') => ({ name: t(`work.${name}`), numeric: true, cell: (done: Done) => whole(done[name]) });
  return (
    <Rows
      label={t('work.title')}
      items={items}
      keyOf={({ actor }) => actor}
      columns={[
        { name: t('work.who'), leads: true, cell: (done) => <Text fw={600} size="sm" dir="auto" component="span">{nameOf(done)}</Text> },
        { name: t('work.purchases'), numeric: true, cell: (done) => whole(done.purchases) },
        { name: t('work.amount'), numeric: true, cell: (done) => money(done.amount_minor, currency) },
        figure('visits'),
        figure('rewards'),
        { name: t('work.others'), numeric: true, cell: (done) => whole(done.coupons + done.gift_cards + done.tickets) },
        figure('undone'),
      ]}
    />
  );
}
