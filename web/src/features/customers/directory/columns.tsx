import { Badge, Group, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconDeviceMobile } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { day, listed } from '@/lib/format';
import { useMay, useMe } from '@/lib/session';
import { namedAmount } from '@/lib/units';

import type { Entry } from '../api';

export const COLUMNS = ['phone', 'email', 'programs', 'balances', 'cards', 'lastVisit', 'joined', 'language'] as const;
export type ColumnName = (typeof COLUMNS)[number];

const NEEDS: Partial<Record<ColumnName, string>> = { balances: 'ledger:read', cards: 'passes:read' };
const FIRST: ColumnName[] = ['phone', 'programs', 'balances', 'cards', 'lastVisit', 'joined'];

/** The columns that somebody chose in this browser, in the order of the table, and those there are for them. */
export function useColumns() {
  const may = useMay();
  const [chosen, setChosen] = useLocalStorage<ColumnName[]>({ key: 'passerelle.customers.columns', defaultValue: FIRST });
  const allowed = COLUMNS.filter((name) => may(NEEDS[name] ?? 'customers:read'));
  return { allowed, chosen: allowed.filter((name) => chosen.includes(name)), setChosen };
}

export function Cell({ entry, column }: { readonly entry: Entry; readonly column: ColumnName }): ReactNode {
  const { t } = useTranslation('customers');
  const { data: me } = useMe();
  const zone = me?.organization.time_zone;
  const { customer } = entry;
  const active = entry.memberships.filter((member) => member.state !== 'ended');
  switch (column) {
    case 'phone':
      return <bdi dir="ltr">{customer.phone}</bdi>;
    case 'email':
      return <bdi dir="ltr">{customer.email}</bdi>;
    case 'programs':
      return listed(active.map((member) => member.program_name));
    case 'balances':
      return listed(active.flatMap((member) => member.balances.map((one) => namedAmount(one.active, one))));
    case 'cards':
      return <Cards entry={entry} />;
    case 'lastVisit':
      return entry.last_visit_at ? day(entry.last_visit_at, zone) : <Text c="dimmed" size="sm">{t('never')}</Text>;
    case 'joined':
      return day(customer.created_at, zone);
    case 'language':
      return customer.language && t(`language.${customer.language}`);
  }
}

function Cards({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation('customers');
  if (!entry.cards) return null;
  return (
    <Group gap={4} wrap="nowrap">
      <Badge
        variant="light"
        tt="none"
        flex="none"
        miw="max-content"
        color={entry.installed ? 'teal' : 'gray'}
        leftSection={<IconDeviceMobile size={12} aria-hidden />}
      >
        {entry.installed ? t('installed', { count: entry.installed }) : t('notInstalled')}
      </Badge>
    </Group>
  );
}
