import { Alert, Button, Group, Modal, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api, data } from '@/lib/api';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { Fault } from '@/ui/Fault';

import { OFFER_LINKS, type Offered, useOffered } from './requests';

const USUAL_CODES = 1_000;
export const MOST_CODES = 100_000;

const options = (items: readonly Offered[]) => items.map(({ id, name }) => ({ value: id, label: name }));

/** A link to a coupon or a gift card: to which, what it is called, how much it gives. */
export function NewOfferLink({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('distribution');
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const offered = useOffered();
  const { coupon = [], gift_card: giftCards = [] } = offered.data ?? {};
  const [of, setOf] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [codes, setCodes] = useState(USUAL_CODES);
  const isCoupon = coupon.some(({ id }) => id === of);
  const isEmpty = offered.isSuccess && coupon.length + giftCards.length === 0;
  const save = useSaving({
    save: async () => data(await api.POST('/api/v1/handout-links', { body: { name, ...(isCoupon ? { campaign_id: of, max_codes: codes } : { gift_card_product_id: of }) } })),
    refresh: [OFFER_LINKS],
    told: t('links.made'),
    onSaved: ({ id }) => void navigate(`/distribution/offers/${id}`),
  });
  const faults = refused(save.error);
  return (
    <Modal opened onClose={onClose} title={t('offers.add')} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          {faults.above !== null && <Fault fault={faults.above} />}
          {offered.isError && <Fault fault={offered.error} retry={() => void offered.refetch()} />}
          {isEmpty && <Alert>{t('offers.nothing')}</Alert>}
          <Select
            label={t('offers.of')}
            required
            data-autofocus
            disabled={isEmpty}
            data={[
              { group: t('offers.coupon'), items: options(coupon) },
              { group: t('offers.gift_card'), items: options(giftCards) },
            ].filter(({ items }) => items.length > 0)}
            value={of}
            onChange={setOf}
          />
          <TextInput label={t('links.name')} description={t('links.nameHint')} required maxLength={100} value={name} error={faults.at('name')} onChange={({ currentTarget }) => setName(currentTarget.value)} />
          {isCoupon && <NumberInput label={t('offers.most')} description={t('offers.mostHint')} min={1} max={MOST_CODES} clampBehavior="strict" allowDecimal={false} value={codes} error={faults.at('max_codes')} onChange={(typed) => setCodes(Number(typed) || 1)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{common('cancel')}</Button>
            <Button type="submit" loading={save.isPending} disabled={of === null}>{t('links.make')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
