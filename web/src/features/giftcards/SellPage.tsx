import { Alert, Button, Chip, CopyButton, Fieldset, Group, Select, SimpleGrid, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { IconCheck, IconCopy, IconGiftCard } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { money } from '@/lib/format';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { InstantInput } from '@/ui/InstantInput';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { MoneyInput } from '@/ui/QuantityInput';
import { SaveBar } from '@/ui/SaveBar';

import type { Product } from './product';
import { useProducts } from './requests';

/** Sells a card: which, for how much, from whom to whom. Its code is shown once it is sold. */
export function SellPage() {
  const { t } = useTranslation('giftcards');
  const mayWrite = useMay()('giftcards:write');
  const products = useProducts();
  const [sold, setSold] = useState<Schemas['GiftCardCreatedOut'] | null>(null);
  return (
    <>
      <BackLink to="/gift-cards" label={t('cards.title')} />
      <Page title={t('sell.title')}>
        {sold ? (
          <Sold card={sold} onNext={() => setSold(null)} />
        ) : (
          <Loaded query={products}>
            {(all) => {
              const sellable = all.filter(({ active }) => active);
              const add = mayWrite && <Button component={Link} to="/gift-cards/products/new">{t('products.add')}</Button>;
              return sellable.length === 0 ? <Empty icon={IconGiftCard} title={t('products.none')} hint={t('products.noneHint')} action={add} /> : <SellForm products={sellable} onSold={setSold} />;
            }}
          </Loaded>
        )}
      </Page>
    </>
  );
}

interface Sale {
  readonly amount: number | null;
  readonly code: string;
  readonly pin: string;
  readonly sender: string;
  readonly recipient: string;
  readonly email: string;
  readonly message: string;
  readonly deliverAt: string | null;
}

const NOTHING: Sale = { amount: null, code: '', pin: '', sender: '', recipient: '', email: '', message: '', deliverAt: null };

function SellForm({ products, onSold }: { readonly products: readonly Product[]; readonly onSold: (card: Schemas['GiftCardCreatedOut']) => void }) {
  const { t } = useTranslation('giftcards');
  const [chosen, setChosen] = useState<string | null>(null);
  const { value, set, isDirty } = useDraft<Sale>(NOTHING);
  const product = products.find(({ id }) => id === chosen) ?? products[0];
  const sell = useSaving({
    save: async (product_id: string) => data(await api.POST('/api/v1/gift-cards', { body: saleIn(value, product_id) })),
    refresh: [['gift-cards']],
    told: t('sell.done'),
    onSaved: onSold,
  });
  const faults = refused(sell.error, { gift_card_amount_not_offered: 'amount_minor', gift_card_code_taken: 'code' });
  if (!product) return null;
  return (
    <form
      style={{ maxWidth: 680 }}
      onSubmit={(event) => {
        event.preventDefault();
        sell.mutate(product.id);
      }}
    >
      <Stack>
        {faults.above !== null && <Fault fault={faults.above} />}
        {products.length > 1 && <Select label={t('product')} data={products.map(({ id, name }) => ({ value: id, label: name }))} value={product.id} allowDeselect={false} onChange={setChosen} />}
        {product.amounts.amounts_minor && (
          <Chip.Group value={String(value.amount ?? '')} onChange={(amount) => set({ amount: Number(amount) })}>
            <Group gap="xs" role="group" aria-label={t('amount')}>
              {product.amounts.amounts_minor.map((amount) => (
                <Chip key={amount} value={String(amount)} size="md">{money(amount, product.currency)}</Chip>
              ))}
            </Group>
          </Chip.Group>
        )}
        <MoneyInput label={t('amount')} currency={product.currency} required withAsterisk={false} min={1} value={value.amount} onChange={(amount) => set({ amount })} error={faults.at('amount_minor')} />
        <Fieldset legend={t('sell.gift')}>
          <Stack>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t('sell.sender')} maxLength={100} dir="auto" value={value.sender} onChange={({ currentTarget }) => set({ sender: currentTarget.value })} />
              <TextInput label={t('sell.recipient')} maxLength={100} dir="auto" value={value.recipient} onChange={({ currentTarget }) => set({ recipient: currentTarget.value })} />
              <TextInput label={t('sell.email')} type="email" value={value.email} onChange={({ currentTarget }) => set({ email: currentTarget.value })} error={faults.at('recipient_email')} />
              <InstantInput label={t('sell.deliverAt')} value={value.deliverAt} onChange={(deliverAt) => set({ deliverAt })} />
            </SimpleGrid>
            <Textarea label={t('sell.message')} autosize minRows={2} maxLength={1000} dir="auto" value={value.message} onChange={({ currentTarget }) => set({ message: currentTarget.value })} />
          </Stack>
        </Fieldset>
        <Fieldset legend={t('sell.printed')}>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label={t('sell.code')} description={t('sell.codeHint')} dir="ltr" maxLength={64} value={value.code} onChange={({ currentTarget }) => set({ code: currentTarget.value })} error={faults.at('code')} />
            <TextInput label={t('sell.pin')} description={t('sell.pinHint')} dir="ltr" inputMode="numeric" pattern="[0-9]{4,12}" value={value.pin} onChange={({ currentTarget }) => set({ pin: currentTarget.value })} error={faults.at('pin')} />
          </SimpleGrid>
        </Fieldset>
      </Stack>
      <SaveBar isDirty={isDirty} isNew pending={sell.isPending} action={value.amount === null ? t('sell.go') : t('sell.goFor', { amount: money(value.amount, product.currency) })} />
    </form>
  );
}

export function saleIn(sale: Sale, product_id: string): Schemas['GiftCardIn'] {
  const told = { code: sale.code, pin: sale.pin, sender_name: sale.sender, recipient_name: sale.recipient, recipient_email: sale.email, message: sale.message };
  const filled = Object.fromEntries(Object.entries(told).filter(([, text]) => text.trim() !== ''));
  return { product_id, amount_minor: sale.amount, ...filled, ...(sale.deliverAt ? { deliver_at: sale.deliverAt } : {}) };
}

function Sold({ card, onNext }: { readonly card: Schemas['GiftCardCreatedOut']; readonly onNext: () => void }) {
  const { t } = useTranslation('giftcards');
  return (
    <Stack maw={680}>
      <Alert color="teal" icon={<IconCheck aria-hidden />} title={t('sell.sold', { amount: money(card.balance_minor, card.currency) })}>
        <Text size="sm">{t('sell.codeOnce')}</Text>
        <Group mt="sm">
          <Text ff="monospace" size="xl" fw={700} dir="ltr">{card.code}</Text>
          <CopyButton value={card.code}>
            {({ copied, copy }) => <Button size="compact-sm" variant="light" leftSection={<IconCopy size={16} aria-hidden />} onClick={copy}>{t(copied ? 'common:copied' : 'common:copy')}</Button>}
          </CopyButton>
        </Group>
      </Alert>
      <Group>
        <Button component={Link} to={`/gift-cards/cards/${card.id}`} variant="light">{t('sell.toCard')}</Button>
        <Button variant="default" onClick={onNext}>{t('sell.next')}</Button>
      </Group>
    </Stack>
  );
}
