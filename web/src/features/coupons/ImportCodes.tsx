import { Alert, Button, Card, FileInput, List, Stack, Text, Title } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { whole } from '@/lib/format';
import { useSaving } from '@/lib/saving';
import { Fault } from '@/ui/Fault';

import type { Campaign } from './campaign';

const SHOWN = 50;

/** Takes a shop's own codes from a file; rows that cannot be taken are told, the others are taken. */
export function ImportCodes({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useTranslation('coupons');
  const [file, setFile] = useState<File | null>(null);
  const take = useSaving({
    save: async (chosen: File) =>
      data(
        await api.POST('/api/v1/coupon-campaigns/{campaign_id}/codes/import', {
          params: { path: { campaign_id: campaign.id } },
          body: '',
          // As it is: the server says what is wrong with its letters.
          bodySerializer: () => chosen,
          headers: { 'Content-Type': 'text/csv' },
        }),
      ),
    refresh: [['coupon-campaigns', campaign.id], ['coupon-campaigns', 'list']],
    told: null,
    onSaved: () => setFile(null),
  });
  return (
    <Card withBorder component="section">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (file) take.mutate(file);
        }}
      >
        <Stack>
          <Title order={2} size="h5">{t('import.title')}</Title>
          {take.isError && <Fault fault={take.error} />}
          <FileInput
            label={t('import.file')}
            description={t('import.hint')}
            placeholder={t('import.choose')}
            accept=".csv,.txt,text/csv,text/plain"
            required
            withAsterisk={false}
            clearable
            value={file}
            onChange={setFile}
            leftSection={<IconFileUpload size={18} aria-hidden />}
          />
          <Button type="submit" variant="light" loading={take.isPending} style={{ alignSelf: 'flex-start' }}>{t('import.action')}</Button>
          {take.data && <Imported result={take.data} />}
        </Stack>
      </form>
    </Card>
  );
}

function Imported({ result }: { readonly result: Schemas['ImportedOut'] }) {
  const { t } = useTranslation('coupons');
  return (
    <Alert color={result.left_out > 0 ? 'orange' : 'teal'} role="status">
      <Text size="sm" fw={600}>{t('import.done', { imported: whole(result.imported), left: whole(result.left_out) })}</Text>
      {result.errors.length > 0 && (
        <List size="sm" mt="xs" mah={200} style={{ overflow: 'auto' }} tabIndex={0} aria-label={t('import.errors')}>
          {result.errors.slice(0, SHOWN).map((error) => (
            <List.Item key={error.row}>{t('import.row', { row: whole(error.row), message: error.message })}</List.Item>
          ))}
          {result.left_out > SHOWN && <List.Item>…</List.Item>}
        </List>
      )}
    </Alert>
  );
}
