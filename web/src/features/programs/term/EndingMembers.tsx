import { Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconCalendarOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { addDays, isDay, today } from '@/lib/days';
import { lastDay } from '@/lib/format';
import { useList } from '@/lib/paging';
import { CustomerName } from '@/ui/CustomerName';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';

import type { Program } from '../requests';

type Ending = Schemas['MembershipOut'];

/** Whose membership ends between two days, to call them. */
export function EndingMembers({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const now = today(program.time_zone);
  const [from, setFrom] = useState(now);
  const [to, setTo] = useState(addDays(now, 30));
  const ends = { ...(isDay(from) ? { ends_from: from } : {}), ...(isDay(to) ? { ends_to: to } : {}) };
  const list = useList<Ending>(['program', program.id, 'ending', ends], async (query) =>
    data(await api.GET('/api/v1/programs/{program_id}/members', { params: { path: { program_id: program.id }, query: { ...query, ...ends } } })),
  );
  return (
    <Stack component="section">
      <Title order={2} size="h4">{t('ending.title')}</Title>
      <Group align="flex-end">
        <TextInput type="date" label={t('ending.from')} value={from} onChange={({ currentTarget }) => setFrom(currentTarget.value)} />
        <TextInput type="date" label={t('ending.to')} value={to} onChange={({ currentTarget }) => setTo(currentTarget.value)} />
      </Group>
      <Listed list={list} empty={<Empty icon={IconCalendarOff} title={t('ending.none')} hint={t('ending.noneHint')} />}>
        {(items) => (
          <Rows
            label={t('ending.title')}
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { name: t('ending.who'), leads: true, cell: ({ customer_id }) => <CustomerName id={customer_id} /> },
              { name: t('ending.lastDay'), cell: ({ valid_until }) => <Text size="sm">{valid_until && lastDay(valid_until, program.time_zone)}</Text> },
            ]}
          />
        )}
      </Listed>
    </Stack>
  );
}
