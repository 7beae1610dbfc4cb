import { ActionIcon, Button, Group, Paper, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { instant } from '@/lib/format';
import { useMay, useMe } from '@/lib/session';
import { AskFirst } from '@/ui/AskFirst';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Section } from '@/ui/Section';

import { useActorName, useWrite } from '../api';

/** What colleagues wrote down about the customer, who may ask to read it. */
export function Notes({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const notes = useQuery({
    queryKey: ['customers', customerId, 'notes'],
    queryFn: async () =>
      data(await api.GET('/api/v1/customers/{customer_id}/notes', { params: { path: { customer_id: customerId }, query: { limit: 200 } } })),
  });
  return (
    <Section title={t('notes.title')}>
      {may('customers:write') && <Add customerId={customerId} />}
      <Loaded query={notes} skeleton={<Skeleton h={40} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('notes.none')}
            </Text>
          ) : (
            <Stack gap="xs">
              {items.map((note) => (
                <Note key={note.id} note={note} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Section>
  );
}

function Add({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation('customers');
  const [text, setText] = useState('');
  const add = useWrite(
    (words: string) =>
      api.POST('/api/v1/customers/{customer_id}/notes', { params: { path: { customer_id: customerId } }, body: { text: words } }),
    () => setText(''),
  );
  return (
    <Stack gap="xs">
      {add.isError && <Fault fault={add.error} />}
      <Textarea
        label={t('notes.label')}
        description={t('notes.hint')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button size="xs" disabled={!text.trim()} loading={add.isPending} onClick={() => add.mutate(text.trim())}>
          {t('notes.add')}
        </Button>
      </Group>
    </Stack>
  );
}

function Note({ note }: { readonly note: Schemas['NoteOut'] }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const { data: me } = useMe();
  const actorName = useActorName();
  const remove = useWrite(() =>
    api.DELETE('/api/v1/customers/{customer_id}/notes/{note_id}', {
      params: { path: { customer_id: note.customer_id, note_id: note.id } },
    }),
  );
  return (
    <Paper bg="var(--mantine-color-default-hover)" p="sm">
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        <bdi>{note.text}</bdi>
      </Text>
      <Group justify="space-between" wrap="nowrap">
        <Text size="xs" c="dimmed">
          {actorName(note.actor)} · {instant(note.created_at, me?.organization.time_zone)}
        </Text>
        {may('customers:write') && (
          <AskFirst title={t('notes.removeTitle')} lead={t('notes.removeLead')} action={t('notes.remove')} write={remove}>
            {(ask) => (
              <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('notes.remove')} onClick={ask}>
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            )}
          </AskFirst>
        )}
      </Group>
    </Paper>
  );
}
