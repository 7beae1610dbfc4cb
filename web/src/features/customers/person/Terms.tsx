import { Badge, Button, Collapse, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { wholeDay } from '@/lib/days';
import { day, instant, money } from '@/lib/format';
import { useMay, useMe } from '@/lib/session';
import { AskFirst } from '@/ui/AskFirst';
import { Loaded } from '@/ui/Loaded';

import { type Member, useActorName, useWrite } from '../api';
import { GiveTerm, RenewTerm } from './RenewTerm';

type Term = Schemas['TermOut'];

const COLOURS = { active: 'teal', grace: 'orange', lapsed: 'red', unpaid: 'red' } as const;

/** Until when a membership is good; its payments, and what was given. */
export function Terms({ member }: { readonly member: Member }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const [asking, setAsking] = useState<'renew' | 'give' | null>(null);
  const [opened, { toggle }] = useDisclosure(false);
  const { term } = member;
  if (!term) return null;
  const isActive = member.state === 'active';
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Badge variant="light" tt="none" size="lg" color={COLOURS[term.status]}>
          {t(`term.${term.status}`, { day: term.last_day ? wholeDay(term.last_day) : '' })}
        </Badge>
        <Group gap="xs">
          {may('ledger:read') && (
            <Button size="xs" variant="subtle" aria-expanded={opened} onClick={toggle}>
              {t('term.history')}
            </Button>
          )}
          {may('ledger:adjust') && isActive && (
            <Button size="xs" variant="default" onClick={() => setAsking('give')}>
              {t('term.give')}
            </Button>
          )}
          {may('members:renew') && term.renewable && (
            <Button size="xs" variant="light" onClick={() => setAsking('renew')}>
              {t('term.renew')}
            </Button>
          )}
        </Group>
      </Group>
      <Collapse expanded={opened}>{opened && <History member={member} />}</Collapse>
      {asking === 'renew' && <RenewTerm member={member} term={term} onClose={() => setAsking(null)} />}
      {asking === 'give' && <GiveTerm member={member} onClose={() => setAsking(null)} />}
    </Stack>
  );
}

function History({ member }: { readonly member: Member }) {
  const { t } = useTranslation('customers');
  const terms = useQuery({
    queryKey: ['customers', 'terms', member.id],
    queryFn: async () =>
      data(await api.GET('/api/v1/members/{membership_id}/terms', { params: { path: { membership_id: member.id }, query: { limit: 50 } } })).items,
  });
  return (
    <Loaded query={terms} skeleton={null}>
      {(items) =>
        items.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('term.none')}
          </Text>
        ) : (
          <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
            {items.map((term) => (
              <Line key={term.id} term={term} />
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}

function Line({ term }: { readonly term: Term }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const { data: me } = useMe();
  const nameOf = useActorName();
  const zone = me?.organization.time_zone;
  const undo = useWrite(() => api.POST('/api/v1/terms/{term_id}/void', { params: { path: { term_id: term.id } }, body: {} }));
  const paid = term.amount_minor === null || term.currency === null ? '' : ` · ${money(term.amount_minor, term.currency)}`;
  const how = term.method ? ` · ${t(`term.methods.${term.method}`)}` : '';
  return (
    <Group component="li" justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <Text size="sm" td={term.state === 'standing' ? 'none' : 'line-through'}>
          {t('term.span', { from: day(term.starts_at, zone), to: wholeDay(term.last_day) })}
          {paid}
          {how}
        </Text>
        <Text size="xs" c="dimmed">
          {t(`term.kind.${term.kind}`)} · {instant(term.occurred_at, zone)} · <bdi>{nameOf(term.actor)}</bdi>
          {term.reason && (
            <>
              {' '}
              · <bdi>{term.reason}</bdi>
            </>
          )}
          {term.state !== 'standing' && ` · ${t(`term.state.${term.state}`)}`}
        </Text>
      </div>
      {term.state === 'standing' && may('members:renew') && (
        <AskFirst title={t('term.undo')} lead={t('term.undoHint')} action={t('term.undo')} write={undo}>
          {(ask) => (
            <Button size="compact-xs" variant="subtle" color="red" style={{ flexShrink: 0 }} onClick={ask}>
              {t('term.undo')}
            </Button>
          )}
        </AskFirst>
      )}
    </Group>
  );
}
