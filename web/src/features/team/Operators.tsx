import { Badge, Group, Stack, Text } from '@mantine/core';
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
          <Stack component="ul" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
            {people.map((person) => (
              <Row key={person.id} person={person} isMe={me?.actor === person.id} />
            ))}
          </Stack>
        )}
      </Loaded>
      <MorePages query={operators} />
    </Section>
  );
}

function Row({ person, isMe }: { readonly person: Operator; readonly isMe: boolean }) {
  const { t } = useTranslation('team');
  const { data: me } = useMe();
  const since = t('since', { day: day(person.created_at, me?.organization.time_zone) });
  return (
    <Group component="li" justify="space-between" align="flex-start" wrap="nowrap">
      <Stack gap={2} miw={0}>
        <Group gap="xs">
          <Text fw={600} {...(person.disabled ? { c: 'dimmed', td: 'line-through' } : {})}>
            <bdi>{person.name}</bdi>
          </Text>
          {isMe && <Badge variant="default">{t('you')}</Badge>}
          {person.disabled && <Badge variant="default">{t('disabled')}</Badge>}
          {person.locked && <Badge color="red">{t('locked')}</Badge>}
          {person.second_factor && <Badge variant="light">{t('secondFactor')}</Badge>}
        </Group>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <bdi>{person.email}</bdi>
        </Text>
        <Text size="sm" c="dimmed">
          {t(`roles.${person.role}.name`)} · {since}
        </Text>
      </Stack>
      <OperatorMenu person={person} isMe={isMe} />
    </Group>
  );
}
