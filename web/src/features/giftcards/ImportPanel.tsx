import { Alert, Button, Code, FileInput, List, Select, Stack, Text } from '@mantine/core';
import { IconFileUpload, IconGiftCard } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { money, whole } from '@/lib/format';
import { useSaving } from '@/lib/saving';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';

import type { Product } from './product';
import { useProducts } from './requests';

/** Cards that are printed already: looked at first, then taken, all rows or none. */
export function ImportPanel() {
  const { t } = useTranslation('giftcards');
  return (
    <Loaded query={useProducts()}>
      {(products) =>
        products.length === 0 ? (
          <Empty icon={IconGiftCard} title={t('products.none')} hint={t('import.needsProduct')} action={<Button component={Link} to="/gift-cards/products/new">{t('products.add')}</Button>} />
        ) : (
          <ImportForm products={products} />
        )
      }
    </Loaded>
  );
}

function ImportForm({ products }: { readonly products: readonly Product[] }) {
  const { t } = useTranslation('giftcards');
  const [chosen, setChosen] = useState<string | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const product = products.find(({ id }) => id === chosen) ?? products[0];
  const take = useSaving({
    save: async ({ dry_run }: { dry_run: boolean }) =>
      data(await api.POST('/api/v1/gift-cards/import', { body: { product_id: product?.id ?? '', csv: (await file?.text()) ?? '', dry_run } })),
    refresh: [['gift-cards']],
    told: null,
  });
  const look = take.data;
  const isReady = look?.faults.length === 0 && look.imported === 0 && file !== null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        take.mutate({ dry_run: !isReady });
      }}
    >
      <Stack maw={680}>
        <Text size="sm">{t('import.lead')}</Text>
        <Text size="sm" c="dimmed">{t('import.columns', { example: money(2500, product?.currency ?? 'EUR') })}</Text>
        <Code block dir="ltr">{'code,amount_minor,pin,lapses_at\n1234-5678-90,2500,,\n9876-5432-10,5000,1234,2027-12-31T23:00:00Z'}</Code>
        {take.isError && <Fault fault={take.error} />}
        {products.length > 1 && <Select label={t('product')} data={products.map(({ id, name }) => ({ value: id, label: name }))} value={product?.id ?? null} allowDeselect={false} onChange={setChosen} />}
        <FileInput
          label={t('import.file')}
          placeholder={t('import.choose')}
          accept=".csv,text/csv"
          required
          withAsterisk={false}
          clearable
          value={file}
          onChange={(picked) => {
            setFile(picked);
            take.reset();
          }}
          leftSection={<IconFileUpload size={18} aria-hidden />}
        />
        {look && <Looked look={look} currency={product?.currency ?? 'EUR'} />}
        <Button type="submit" loading={take.isPending} style={{ alignSelf: 'flex-start' }}>
          {isReady ? t('import.take', { count: look.rows, shown: whole(look.rows) }) : t('import.look')}
        </Button>
      </Stack>
    </form>
  );
}

function Looked({ look, currency }: { readonly look: Schemas['ImportOut']; readonly currency: string }) {
  const { t } = useTranslation('giftcards');
  if (look.faults.length > 0) {
    return (
      <Alert color="orange" title={t('import.faults')} role="status">
        <List size="sm" mah={240} style={{ overflow: 'auto' }} tabIndex={0} aria-label={t('import.faults')}>
          {look.faults.map((fault, at) => (
            <List.Item key={at}>{t('import.row', { row: whole(fault.row), field: fault.field, message: fault.message })}</List.Item>
          ))}
        </List>
      </Alert>
    );
  }
  const told = { rows: whole(look.rows), total: money(look.total_minor, currency) };
  return <Alert color="teal" role="status">{t(look.imported > 0 ? 'import.done' : 'import.ready', told)}</Alert>;
}
