import { ActionIcon, Button, Checkbox, Fieldset, Group, SegmentedControl, SimpleGrid, Stack, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';

import { api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { type Refused, refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMe } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { MoneyInput, QuantityInput } from '@/ui/QuantityInput';
import { SaveBar } from '@/ui/SaveBar';
import { TranslatedInput } from '@/ui/TranslatedInput';

import { type Product, type Values, newProduct, productIn, valuesOf } from './product';

/** A gift card to sell from now on. */
export function NewProduct() {
  const { t } = useTranslation('giftcards');
  const { data: me } = useMe();
  return (
    <>
      <BackLink to="/gift-cards/products" label={t('products.title')} />
      <Page title={t('products.add')} lead={t('products.addLead')}>
        {me && <ProductForm product={null} currency={me.organization.currency} />}
      </Page>
    </>
  );
}

/** One that is sold. */
export function EditProduct() {
  const { t } = useTranslation('giftcards');
  const { id = '' } = useParams();
  const product = useQuery({
    queryKey: ['gift-card-products', id],
    queryFn: async () => data(await api.GET('/api/v1/gift-card-products/{product_id}', { params: { path: { product_id: id } } })),
  });
  return (
    <>
      <BackLink to="/gift-cards/products" label={t('products.title')} />
      <Page title={product.data?.name ?? t('products.title')}>
        <Loaded query={product}>{(known) => <ProductForm key={id} product={known} currency={known.currency} />}</Loaded>
      </Page>
    </>
  );
}

interface ProductFormProps {
  readonly product: Product | null;
  readonly currency: string;
}

function ProductForm({ product, currency }: ProductFormProps) {
  const { t } = useTranslation('giftcards');
  const navigate = useNavigate();
  const { value, set, isDirty } = useDraft<Values>(product ? valuesOf(product) : newProduct(currency));
  const save = useSaving({
    save: async () =>
      product
        ? data(await api.PATCH('/api/v1/gift-card-products/{product_id}', { params: { path: { product_id: product.id } }, body: productIn(value) }))
        : data(await api.POST('/api/v1/gift-card-products', { body: productIn(value) })),
    refresh: [['gift-card-products']],
    onSaved: () => void navigate('/gift-cards/products'),
  });
  const faults = refused(save.error);
  return (
    <form
      style={{ maxWidth: 680 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        {faults.above !== null && <Fault fault={faults.above} />}
        <TranslatedInput label={t('name')} required value={value.name} texts={value.names} onChange={(name, names) => set({ name, names })} error={faults.at('name')} />
        <AmountsFields value={value} set={set} currency={currency} refused={faults} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <QuantityInput label={t('products.lapsesAfter')} description={t('products.lapsesHint')} suffix={t('products.monthsShort')} min={1} max={1200} value={value.months} onChange={(months) => set({ months })} error={faults.at('expires_after_months')} />
          <MoneyInput label={t('products.maxBalance')} description={t('products.maxBalanceHint')} currency={currency} min={1} value={value.maxBalance} onChange={(maxBalance) => set({ maxBalance })} error={faults.at('max_balance_minor')} />
        </SimpleGrid>
        <Checkbox label={t('products.isReloadable')} checked={value.reloadable} onChange={({ currentTarget }) => set({ reloadable: currentTarget.checked })} />
        <Switch label={t('products.active')} checked={value.active} onChange={({ currentTarget }) => set({ active: currentTarget.checked })} />
      </Stack>
      <SaveBar isDirty={isDirty} isNew={product === null} pending={save.isPending} />
    </form>
  );
}

interface AmountsFieldsProps {
  readonly value: Values;
  readonly set: (change: Partial<Values>) => void;
  readonly currency: string;
  readonly refused: Refused;
}

function AmountsFields({ value, set, currency, refused: faults }: AmountsFieldsProps) {
  const { t } = useTranslation('giftcards');
  return (
    <Fieldset legend={t('products.amounts')}>
      <Stack>
        <SegmentedControl
          aria-label={t('products.amounts')}
          data={[{ value: 'fixed', label: t('products.fixed') }, { value: 'open', label: t('products.open') }]}
          value={value.isOpen ? 'open' : 'fixed'}
          onChange={(kind) => set({ isOpen: kind === 'open' })}
        />
        {value.isOpen ? (
          <SimpleGrid cols={2}>
            <MoneyInput label={t('products.minimum')} currency={currency} min={1} value={value.minimum} onNumber={(minimum) => set({ minimum })} error={faults.at('amounts')} />
            <MoneyInput label={t('products.maximum')} currency={currency} min={value.minimum} value={value.maximum} onNumber={(maximum) => set({ maximum })} />
          </SimpleGrid>
        ) : (
          <Group align="flex-end" gap="xs">
            {value.amounts.map((amount, place) => (
              <Group key={place} gap={2} align="flex-end" wrap="nowrap">
                <MoneyInput w={120} label={t('products.amount', { number: place + 1 })} currency={currency} min={1} value={amount} onNumber={(changed) => set({ amounts: value.amounts.map((known, at) => (at === place ? changed : known)) })} />
                {value.amounts.length > 1 && (
                  <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('products.removeAmount', { number: place + 1 })} onClick={() => set({ amounts: value.amounts.filter((_, at) => at !== place) })}>
                    <IconX size={18} aria-hidden />
                  </ActionIcon>
                )}
              </Group>
            ))}
            <Button variant="light" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => set({ amounts: [...value.amounts, (value.amounts.at(-1) ?? 0) * 2 || 1000] })}>{t('products.addAmount')}</Button>
          </Group>
        )}
      </Stack>
    </Fieldset>
  );
}
