import { ActionIcon, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconArrowsJoin2, IconDots, IconFileDownload, IconTrash, IconUserShare } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { download } from '@/lib/download';
import { tellFault } from '@/lib/notify';
import { useMay } from '@/lib/session';

import { type Entry, nameOf } from '../api';
import { Erase } from './Erase';
import { Merge } from './Merge';
import { PageLink } from './PageLink';

/** What is done with a customer as a whole; hidden from those who may do none of it. */
export function CustomerActions({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const [shown, setShown] = useState<'merge' | 'erase' | 'page' | null>(null);
  const save = useMutation({
    mutationFn: async () => {
      const told = data(await api.GET('/api/v1/customers/{customer_id}/export', { params: { path: { customer_id: entry.id } } }));
      download(new Blob([JSON.stringify(told, null, 2)], { type: 'application/json' }), `${nameOf(entry.customer) || entry.id}.json`);
    },
    onError: tellFault,
  });
  const mayMerge = may('customers:write') && may('ledger:adjust');
  if (!mayMerge && !may('customers:export') && !may('customers:erase')) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={t('actions')} loading={save.isPending}>
            <IconDots size={20} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayMerge && (
            <Menu.Item leftSection={<IconArrowsJoin2 size={16} aria-hidden />} onClick={() => setShown('merge')}>
              {t('merge.title')}
            </Menu.Item>
          )}
          {may('customers:export') && (
            <Menu.Item leftSection={<IconUserShare size={16} aria-hidden />} onClick={() => setShown('page')}>
              {t('pageLink.title')}
            </Menu.Item>
          )}
          {may('customers:export') && (
            <Menu.Item leftSection={<IconFileDownload size={16} aria-hidden />} onClick={() => save.mutate()}>
              {t('exportPerson')}
            </Menu.Item>
          )}
          {may('customers:erase') && (
            <Menu.Item c="var(--mantine-color-error)" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setShown('erase')}>
              {t('erase.title')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Merge entry={entry} opened={shown === 'merge'} onClose={() => setShown(null)} />
      <PageLink entry={entry} opened={shown === 'page'} onClose={() => setShown(null)} />
      <Erase entry={entry} opened={shown === 'erase'} onClose={() => setShown(null)} />
    </>
  );
}
