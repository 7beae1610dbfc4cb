import { Button, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { download } from '@/lib/download';
import { whole } from '@/lib/format';
import { tellFault } from '@/lib/notify';
import { Fault } from '@/ui/Fault';
import { MorePages } from '@/ui/MorePages';

import type { Import } from './imports';

/** Which rows are wrong and why, and the rows themselves as a file to be mended. */
export function Faults({ found }: { readonly found: Import }) {
  const { t } = useTranslation('customers');
  const path = { import_id: found.id };
  const faults = useInfiniteQuery({
    queryKey: ['customers', 'imports', found.id, 'faults', found.state],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) =>
      data(
        await api.GET('/api/v1/customer-imports/{import_id}/faults', {
          params: { path, query: { limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
  });
  const save = useMutation({
    mutationFn: async () => {
      const file = await api.GET('/api/v1/customer-imports/{import_id}/faulty-rows', { params: { path }, parseAs: 'blob' });
      download(data(file), `${t('fault.file')}.csv`);
    },
    onError: tellFault,
  });
  const name = (field: string) => (field.startsWith('attribute.') ? field.slice(10) : t(`field.${field}`, { defaultValue: field }));
  return (
    <Stack gap="sm" component="section" aria-label={t('fault.title')}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t('fault.title')}
        </Title>
        <Button variant="default" size="xs" leftSection={<IconDownload size={16} aria-hidden />} loading={save.isPending} onClick={() => save.mutate()}>
          {t('fault.download')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t('fault.lead')}
      </Text>
      {faults.isError && <Fault fault={faults.error} retry={() => void faults.refetch()} />}
      {faults.isPending && <Skeleton h={120} />}
      {faults.data && (
        <Table.ScrollContainer minWidth={330}>
          <Table verticalSpacing="xs" style={{ verticalAlign: 'top' }}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={64}>{t('fault.row')}</Table.Th>
                <Table.Th w={110}>{t('fault.field')}</Table.Th>
                <Table.Th>{t('fault.what')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {faults.data.pages.flatMap((page) =>
                page.items.map((one) => (
                  <Table.Tr key={`${one.row}-${one.field}`}>
                    <Table.Td>{whole(one.row)}</Table.Td>
                    <Table.Td>{one.field && name(one.field)}</Table.Td>
                    <Table.Td>{one.message}</Table.Td>
                  </Table.Tr>
                )),
              )}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <MorePages query={faults} />
    </Stack>
  );
}
