import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { percent, whole } from '@/lib/format';
import { AskFirst } from '@/ui/AskFirst';
import { Fault } from '@/ui/Fault';

import { useWrite } from '../api';
import type { Import } from './imports';

/** How far a job has come. The page may be left: the job goes on. */
export function Working({ found }: { readonly found: Import }) {
  const { t } = useTranslation('customers');
  const stop = useWrite(() => api.POST('/api/v1/customer-imports/{import_id}/cancel', { params: { path: { import_id: found.id } } }));
  const part = found.rows > 0 ? found.figures.rows / found.rows : 0;
  return (
    <Stack>
      {found.state !== 'running' && stop.isError && <Fault fault={stop.error} />}
      <Progress size="lg" value={part * 100} animated aria-label={t('import.progress')} />
      <Group justify="space-between">
        <Text aria-live="polite">
          {t('import.done', { done: whole(found.figures.rows), all: whole(found.rows), part: percent(part) })}
        </Text>
        <AskFirst title={t('import.stopTitle')} lead={t('import.stopLead')} action={t('import.stop')} write={stop}>
          {(ask) => (
            <Button variant="default" size="xs" onClick={found.state === 'running' ? ask : () => stop.mutate(undefined)}>
              {t('import.stop')}
            </Button>
          )}
        </AskFirst>
      </Group>
      <Text size="sm" c="dimmed">
        {t('import.leave')}
      </Text>
    </Stack>
  );
}
