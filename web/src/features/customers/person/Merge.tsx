import { Alert, Button, Group, Modal, Paper, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { tell } from '@/lib/notify';
import { Fault } from '@/ui/Fault';

import { type Customer, type Entry, nameOf, useDirectory, useWrite } from '../api';

interface MergeProps {
  readonly entry: Entry;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Two entries are of one person: find the other one, see both, end it. */
export function Merge({ entry, opened, onClose }: MergeProps) {
  const { t } = useTranslation('customers');
  return (
    <Modal opened={opened} onClose={onClose} title={t('merge.title')} size="lg">
      {opened && <Search entry={entry} onClose={onClose} />}
    </Modal>
  );
}

function Search({ entry, onClose }: Omit<MergeProps, 'opened'>) {
  const { t } = useTranslation('customers');
  const [text, setText] = useState(nameOf(entry.customer));
  const [settled] = useDebouncedValue(text.trim(), 300);
  const [chosen, setChosen] = useState<string | null>(null);
  const found = useDirectory(settled ? { text: settled } : {});
  const others = (found.data?.pages[0]?.items ?? []).filter((one) => one.id !== entry.id).slice(0, 8);
  const other = others.find((one) => one.id === chosen);
  const merge = useWrite(
    async (customer_id: string) =>
      data(await api.POST('/api/v1/customers/{customer_id}/merge', { params: { path: { customer_id: entry.id } }, body: { customer_id } })),
    () => {
      onClose();
      tell(t('merge.done'));
    },
  );
  return (
    <Stack>
      {merge.isError && <Fault fault={merge.error} />}
      <Text size="sm">{t('merge.lead', { name: nameOf(entry.customer) || t('nameless') })}</Text>
      <TextInput
        type="search"
        label={t('search.label')}
        placeholder={t('search.placeholder')}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {others.length === 0 && !found.isFetching && (
        <Text size="sm" c="dimmed">
          {t('merge.none')}
        </Text>
      )}
      <Radio.Group value={chosen} onChange={setChosen} label={others.length > 0 ? t('merge.other') : undefined}>
        <Stack gap="xs" mt="xs">
          {others.map((one) => (
            <Radio key={one.id} value={one.id} label={<Summary customer={one.customer} />} />
          ))}
        </Stack>
      </Radio.Group>
      {other && <Outcome kept={entry.customer} merged={other.customer} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button color="red" disabled={!other} loading={merge.isPending} onClick={() => other && merge.mutate(other.id)}>
          {t('merge.submit')}
        </Button>
      </Group>
    </Stack>
  );
}

function Summary({ customer }: { readonly customer: Customer }) {
  const { t } = useTranslation('customers');
  return (
    <>
      <Text size="sm" fw={600} component="span">
        {nameOf(customer) || t('nameless')}
      </Text>{' '}
      <Text size="sm" c="dimmed" component="bdi" dir="ltr">
        {[customer.phone, customer.email].filter(Boolean).join(' · ')}
      </Text>
    </>
  );
}

/** What the one entry will say that is left. */
function Outcome({ kept, merged }: { readonly kept: Customer; readonly merged: Customer }) {
  const { t } = useTranslation('customers');
  return (
    <Paper withBorder p="sm">
      <Stack gap={4}>
        <Text size="sm" fw={600}>
          {t('merge.after')}
        </Text>
        <Text size="sm">{nameOf(kept) || nameOf(merged) || t('nameless')}</Text>
        <Text size="sm" component="bdi" dir="ltr">
          {[kept.phone ?? merged.phone, kept.email ?? merged.email].filter(Boolean).join(' · ')}
        </Text>
        <Alert mt="xs" icon={<IconInfoCircle aria-hidden />} color="orange" variant="light">
          {t('merge.warning')}
        </Alert>
      </Stack>
    </Paper>
  );
}
