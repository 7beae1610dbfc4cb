import { Badge, Group, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { day } from '@/lib/format';
import { usePages } from '@/lib/pages';
import { useMe } from '@/lib/session';
import { Loaded } from '@/ui/Loaded';
import { MorePages } from '@/ui/MorePages';
import { Section } from '@/ui/Section';

import { OperatorMenu } from './OperatorMenu';

export type Operator = Schemas['OperatorOut'];
export const OPERATORS = ['operators'] as const;

/** Everybody who works here, with what may be done for them. */
export function Operators() {
  const { t } = useTranslation('team');
  const { data: me } = useMe();
  const operators = usePages(OPERATORS, async (cursor) =>
    data(await api.GET('/api/v1/operators', { params: { query: cursor ? { cursor } : {} } })),
  );
  return (
    <Section title={t('operators')}>
      <Loaded query={operators}>
        {(people) => (
          <Table.ScrollContainer minWidth={480} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
            <Table verticalSpacing="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('person')}</Table.Th>
                  <Table.Th>{t('role')}</Table.Th>
                  <Table.Th>{t('since')}</Table.Th>
                  <Table.Th aria-label={t('actions')} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {people.map((person) => (
                  <Row key={person.id} person={person} isMe={me?.actor === person.id} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
      <MorePages query={operators} />
    </Section>
  );
}

function Row({ person, isMe }: { readonly person: Operator; readonly isMe: boolean }) {
  const { t } = useTranslation('team');
  const { data: me } = useMe();
  return (
    <Table.Tr>
      <Table.Td>
        <Stack gap={2}>
          <Group gap="xs">
            <Text fw={600} {...(person.disabled ? { c: 'dimmed', td: 'line-through' } : {})}>
              {person.name}
            </Text>
            {isMe && <Badge variant="default">{t('you')}</Badge>}
            {person.disabled && <Badge color="gray">{t('disabled')}</Badge>}
            {person.locked && <Badge color="red">{t('locked')}</Badge>}
            {person.second_factor && (
              <Badge color="teal" variant="light">
                {t('secondFactor')}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            <bdi>{person.email}</bdi>
          </Text>
        </Stack>
      </Table.Td>
      <Table.Td>{t(`roles.${person.role}.name`)}</Table.Td>
      <Table.Td>{day(person.created_at, me?.organization.time_zone)}</Table.Td>
      <Table.Td ta="end">
        <OperatorMenu person={person} isMe={isMe} />
      </Table.Td>
    </Table.Tr>
  );
}
