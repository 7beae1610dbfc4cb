import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconGiftCard, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data } from '@/lib/api';
import { money } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useMay } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';

import type { Product } from './product';

/** What is sold. */
export function ProductsPanel() {
  const { t, i18n } = useTranslation('giftcards');
  const mayWrite = useMay()('giftcards:write');
  const list = useList(['gift-card-products', 'list'], async (query) => data(await api.GET('/api/v1/gift-card-products', { params: { query } })));
  const amounts = ({ amounts: { amounts_minor, minimum_minor, maximum_minor }, currency }: Product) =>
    amounts_minor
      ? new Intl.ListFormat(i18n.language, { style: 'narrow', type: 'unit' }).format(amounts_minor.map((amount) => money(amount, currency)))
      : t('products.range', { from: money(minimum_minor ?? 0, currency), to: money(maximum_minor ?? 0, currency) });
  const add = mayWrite && (
    <Button component={Link} to="/gift-cards/products/new" leftSection={<IconPlus size={18} aria-hidden />} style={{ alignSelf: 'flex-start' }}>{t('products.add')}</Button>
  );
  return (
    <Stack>
      {add}
      <Listed list={list} empty={<Empty icon={IconGiftCard} title={t('products.none')} hint={t('products.noneHint')} />}>
        {(products) => (
          <Rows
            label={t('products.title')}
            items={products}
            keyOf={({ id }) => id}
            columns={[
              {
                name: t('name'),
                leads: true,
                cell: (product) => (
                  <Group gap="xs">
                    {mayWrite ? <Anchor component={Link} to={`/gift-cards/products/${product.id}`} fw={600} dir="auto">{product.name}</Anchor> : <Text fw={600} dir="auto">{product.name}</Text>}
                    {!product.active && <Badge color="gray" variant="light" tt="none">{t('products.off')}</Badge>}
                  </Group>
                ),
              },
              { name: t('products.amounts'), cell: amounts },
              { name: t('lapses'), cell: (product) => (product.expires_after_months ? t('products.months', { count: product.expires_after_months }) : t('never')) },
              { name: t('products.reloadable'), cell: (product) => t(product.reloadable ? 'common:yes' : 'common:no') },
            ]}
          />
        )}
      </Listed>
    </Stack>
  );
}
