import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { download } from '@/lib/download';
import { tellFault } from '@/lib/notify';

import type { Filter } from '../api';

/** What the list shows, as a file for a spreadsheet. */
export function ExportButton({ filter }: { readonly filter: Filter }) {
  const { t } = useTranslation('customers');
  const save = useMutation({
    mutationFn: async () => {
      const file = await api.POST('/api/v1/customers/directory/export', { body: filter, parseAs: 'blob' });
      download(data(file), `${t('title')}.csv`);
    },
    onError: tellFault,
  });
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={18} aria-hidden />}
      loading={save.isPending}
      onClick={() => save.mutate()}
    >
      {t('export')}
    </Button>
  );
}
