import { Anchor, Badge, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconGiftCard, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { api, data } from '@/lib/api';
import { day, money } from '@/lib/format';
import { useList } from '@/lib/paging';
import { useMay, useMe } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Listed } from '@/ui/Listed';
import { Rows } from '@/ui/Rows';

import { type GiftCard, STATE_COLOURS } from './product';
import { useProducts } from './requests';

const STATES = ['PENDING', 'ACTIVE', 'BLOCKED', 'DEACTIVATED'] as const;

/** Every card, newest first; and one that somebody holds in the hand. */
export function CardsPanel() {
  const { t } = useTranslation('giftcards');
  const { data: me } = useMe();
  const may = useMay();
  const products = useProducts().data ?? [];
  const [state, setState] = useState<GiftCard['state'] | null>(null);
  const [product, setProduct] = useState<string | null>(null);
  const list = useList(['gift-cards', state, product], async (query) =>
    data(await api.GET('/api/v1/gift-cards', { params: { query: { ...query, ...(state ? { state } : {}), ...(product ? { product_id: product } : {}) } } })),
  );
  const sell = may('giftcards:write') && (
    <Button component={Link} to="/gift-cards/sell" leftSection={<IconPlus size={18} aria-hidden />}>{t('sell.action')}</Button>
  );
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        {may('giftcards:redeem') && <LookUp />}
        {sell}
      </Group>
      <Group>
        <Select label={t('state')} placeholder={t('all')} clearable data={STATES.map((each) => ({ value: each, label: t(`states.${each}`) }))} value={state} onChange={(chosen) => setState(STATES.find((each) => each === chosen) ?? null)} />
        {products.length > 1 && <Select label={t('product')} placeholder={t('all')} clearable data={products.map(({ id, name }) => ({ value: id, label: name }))} value={product} onChange={setProduct} />}
      </Group>
      <Listed list={list} empty={<Empty icon={IconGiftCard} title={t('cards.none')} hint={t(products.length > 0 ? 'cards.noneHint' : 'cards.noProduct')} />}>
        {(cards) => (
          <Rows
            label={t('cards.title')}
            items={cards}
            keyOf={({ id }) => id}
            columns={[
              { name: t('code'), leads: true, cell: (card) => <Anchor component={Link} to={`/gift-cards/cards/${card.id}`} ff="monospace" fw={600}><bdi dir="ltr">•••• {card.last_four}</bdi></Anchor> },
              { name: t('product'), cell: (card) => <Text size="sm" dir="auto">{card.product_name}</Text> },
              { name: t('state'), cell: (card) => <Badge color={STATE_COLOURS[card.state]} variant="light" tt="none">{t(`states.${card.state}`)}</Badge> },
              { name: t('balance'), numeric: true, cell: (card) => money(card.balance_minor, card.currency) },
              { name: t('lapses'), cell: (card) => (card.lapses_at ? day(card.lapses_at, me?.organization.time_zone) : t('never')) },
            ]}
          />
        )}
      </Listed>
    </Stack>
  );
}

/** Opens the card behind a code; case, blanks and hyphens do not matter. */
function LookUp() {
  const { t } = useTranslation('giftcards');
  const navigate = useNavigate();
  const [code, setCode] = useState('');
  const find = useMutation({
    mutationFn: async () => data(await api.POST('/api/v1/gift-cards/lookup', { body: { code } })),
    onSuccess: ({ id }) => void navigate(`/gift-cards/cards/${id}`),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        find.mutate();
      }}
    >
      <Stack gap="xs">
        <Group align="flex-end" gap="xs">
          <TextInput label={t('lookUp.title')} required withAsterisk={false} autoComplete="off" maxLength={200} dir="ltr" value={code} onChange={({ currentTarget }) => setCode(currentTarget.value)} />
          <Button type="submit" variant="light" loading={find.isPending} leftSection={<IconSearch size={18} aria-hidden />}>{t('lookUp.action')}</Button>
        </Group>
        {find.isError && <Fault fault={find.error} />}
      </Stack>
    </form>
  );
}
