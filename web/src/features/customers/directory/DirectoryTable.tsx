import { Anchor, Group, Paper, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Entry, nameOf } from '../api';
import { Cell, type ColumnName, useColumns } from './columns';

/** What reads badly in two lines. */
const SHORT: readonly ColumnName[] = ['phone', 'cards', 'lastVisit', 'joined'];

/** Customers as a table, or one below the other where a table has no room. */
export function DirectoryTable({ entries }: { readonly entries: readonly Entry[] }) {
  const narrow = useMediaQuery('(max-width: 48em)');
  return narrow ? <Cards entries={entries} /> : <Wide entries={entries} />;
}

function Wide({ entries }: { readonly entries: readonly Entry[] }) {
  const { t } = useTranslation('customers');
  const { chosen } = useColumns();
  return (
    <Table.ScrollContainer minWidth={Math.min(1100, 240 + chosen.length * 140)}>
      <Table highlightOnHover verticalSpacing="sm" stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('columns.name')}</Table.Th>
            {chosen.map((column) => (
              <Table.Th key={column}>{t(`columns.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.id}>
              <Table.Td>
                <NameLink entry={entry} />
              </Table.Td>
              {chosen.map((column) => (
                <Table.Td key={column} style={SHORT.includes(column) ? { whiteSpace: 'nowrap' } : {}}>
                  <Cell entry={entry} column={column} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Cards({ entries }: { readonly entries: readonly Entry[] }) {
  const { chosen } = useColumns();
  const shownOf = (entry: Entry) =>
    chosen
      .filter((column) => column !== 'cards' && (column !== 'phone' || entry.customer.phone) && (column !== 'email' || entry.customer.email))
      .slice(0, 3);
  return (
    <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {entries.map((entry) => (
        <Paper key={entry.id} component="li" withBorder p="sm">
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <NameLink entry={entry} />
            <Cell entry={entry} column="cards" />
          </Group>
          <Group gap="xs" mt={4}>
            {shownOf(entry).map((column) => (
              <Text key={column} size="sm" c="dimmed" component="span">
                <Cell entry={entry} column={column} />
              </Text>
            ))}
          </Group>
        </Paper>
      ))}
    </Stack>
  );
}

function NameLink({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation('customers');
  return (
    <Anchor component={Link} to={entry.id} fw={600} style={{ overflowWrap: 'anywhere' }}>
      {nameOf(entry.customer) || t('nameless')}
    </Anchor>
  );
}
