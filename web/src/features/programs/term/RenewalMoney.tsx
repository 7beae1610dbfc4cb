import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { addDays, today } from '@/lib/days';
import { money, whole } from '@/lib/format';
import { i18n } from '@/lib/i18n';
import { Loaded } from '@/ui/Loaded';
import { Rows } from '@/ui/Rows';

import type { Program } from '../requests';

/** What payments for memberships brought in each of the last twelve months. */
export function RenewalMoney({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const now = today(program.time_zone);
  const report = useQuery({
    queryKey: ['program', program.id, 'renewals'],
    queryFn: async () => {
      const query = { first: addDays(now, -335).slice(0, 7), last: now.slice(0, 7) };
      const { items } = data(await api.GET('/api/v1/terms/report', { params: { query } }));
      return items.filter(({ program_id }) => program_id === program.id);
    },
  });
  return (
    <Stack component="section">
      <Title order={2} size="h4">{t('renewals.title')}</Title>
      <Loaded query={report}>
        {(items) =>
          items.length === 0 ? (
            <Text c="dimmed" size="sm">{t('renewals.none')}</Text>
          ) : (
            <Rows
              label={t('renewals.title')}
              items={items}
              keyOf={({ month, currency }) => `${month} ${currency}`}
              columns={[
                { name: t('renewals.month'), leads: true, cell: ({ month }) => monthName(month) },
                { name: t('renewals.payments'), numeric: true, cell: ({ payments }) => whole(payments) },
                { name: t('renewals.amount'), numeric: true, cell: (item) => money(item.amount_minor, item.currency) },
                { name: t('renewals.voided'), numeric: true, cell: (item) => (item.voided > 0 ? money(item.voided_minor, item.currency) : '—') },
              ]}
            />
          )
        }
      </Loaded>
    </Stack>
  );
}

const monthName = (month: string): string =>
  new Intl.DateTimeFormat(i18n.language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month}-01T00:00:00Z`));
