import { Badge, Button, Card, Group, Modal, Select, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { tell } from '@/lib/notify';
import { useMay } from '@/lib/session';
import { unitFigure } from '@/lib/units';
import { Fault } from '@/ui/Fault';

import { type Entry, type Member, usePrograms, useWrite } from '../api';
import { Adjust } from './Adjust';
import { MemberCard } from './MemberCard';
import { Terms } from './Terms';

/** The programs that the customer is in: balances, and the card of each. */
export function Memberships({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const [joining, { open, close }] = useDisclosure();
  const { data: programs } = usePrograms();
  const free = (programs?.items ?? []).filter(
    (program) => program.state === 'active' && entry.memberships.every((one) => one.program_id !== program.id || one.state === 'ended'),
  );
  const mayJoin = may('customers:write') && free.length > 0;
  return (
    <>
      {entry.memberships.length === 0 && (
        <Card withBorder>
          <Group justify="space-between">
            <Text c="dimmed">{t('member.none')}</Text>
            {mayJoin && <Button onClick={open}>{t('member.join')}</Button>}
          </Group>
        </Card>
      )}
      <SimpleGrid cols={{ base: 1, md: entry.memberships.length > 1 ? 2 : 1 }}>
        {entry.memberships.map((member) => (
          <Membership key={member.id} member={member} customerId={entry.id} />
        ))}
      </SimpleGrid>
      {mayJoin && entry.memberships.length > 0 && (
        <Group>
          <Button size="compact-sm" variant="subtle" onClick={open}>
            {t('member.join')}
          </Button>
        </Group>
      )}
      <Modal opened={joining} onClose={close} title={t('member.join')}>
        {joining && <Join customerId={entry.id} choices={free.map(({ id, name }) => ({ value: id, label: name }))} onClose={close} />}
      </Modal>
    </>
  );
}

function Membership({ member, customerId }: { readonly member: Member; readonly customerId: string }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const [adjusting, { open, close }] = useDisclosure();
  const isActive = member.state === 'active';
  return (
    <Card withBorder component="section" aria-label={member.program_name}>
      <Stack gap="sm" h="100%">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} size="h4">
            {member.program_name}
          </Title>
          {!isActive && <Badge color={member.state === 'ended' ? 'gray' : 'orange'} variant="light" tt="none">{t(`member.${member.state}`)}</Badge>}
        </Group>
        <Group gap="xl">
          {member.balances.map((balance) => (
            <div key={balance.unit}>
              <Text size="xl" fw={700} lh={1.1}>
                {unitFigure(balance.active, balance)}
              </Text>
              <Text size="sm" c="dimmed">
                {balance.name}
                {balance.pending > 0 && ` · ${t('member.pending', { number: unitFigure(balance.pending, balance) })}`}
              </Text>
            </div>
          ))}
          {may('ledger:adjust') && isActive && member.balances.length > 0 && (
            <Button variant="default" size="xs" ms="auto" onClick={open}>
              {t('adjust.title')}
            </Button>
          )}
        </Group>
        <Terms member={member} />
        {may('passes:read') && <MemberCard member={member} customerId={customerId} />}
      </Stack>
      <Modal opened={adjusting} onClose={close} title={t('adjust.of', { program: member.program_name })}>
        {adjusting && <Adjust member={member} onClose={close} />}
      </Modal>
    </Card>
  );
}

interface JoinProps {
  readonly customerId: string;
  readonly choices: { value: string; label: string }[];
  readonly onClose: () => void;
}

function Join({ customerId, choices, onClose }: JoinProps) {
  const { t } = useTranslation('customers');
  const [program, setProgram] = useState(choices[0]?.value ?? null);
  const join = useWrite(
    (program_id: string) =>
      api.POST('/api/v1/programs/{program_id}/members', {
        params: { path: { program_id } },
        body: { customer_id: customerId, source: 'till' },
      }),
    () => {
      onClose();
      tell(t('member.joined'));
    },
  );
  return (
    <Stack>
      {join.isError && <Fault fault={join.error} />}
      <Select label={t('filters.program')} data={choices} value={program} onChange={setProgram} allowDeselect={false} data-autofocus />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button disabled={program === null} loading={join.isPending} onClick={() => program && join.mutate(program)}>
          {t('member.join')}
        </Button>
      </Group>
    </Stack>
  );
}
