import { Button, Text, TextInput } from '@mantine/core';
import { IconDeviceMobile } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { CardLink } from '@/ui/CardLink';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { MoneyInput } from '@/ui/QuantityInput';

import { ACTIONS, type Action, NEEDS_AMOUNT, NEEDS_REASON } from './product';

type Detail = Schemas['GiftCardDetail'];
const DANGEROUS: ReadonlySet<Action> = new Set(['BLOCK', 'DEACTIVATE', 'CLEAR_BALANCE', 'ADJUST_DECREMENT']);
const FIELDS = {
  gift_card_amount_not_offered: 'amount_minor',
  gift_card_balance_too_low: 'amount_minor',
  gift_card_balance_too_high: 'amount_minor',
  gift_card_pin_required: 'pin',
  gift_card_pin_wrong: 'pin',
  gift_card_pin_locked: 'pin',
};

/** What can be done to a card in its state; each asks for what it needs. */
export function CardActions({ card }: { readonly card: Detail }) {
  const { t } = useTranslation('giftcards');
  const may = useMay();
  const [doing, setDoing] = useState<Action | null>(null);
  const [isShown, setShown] = useState(false);
  const giveLink = async () => data(await api.POST('/api/v1/gift-cards/{gift_card_id}/card', { params: { path: { gift_card_id: card.id } } }));
  const allowed = (ACTIONS[card.state] as readonly Action[]).filter((action) => may('giftcards:redeem') && (action === 'REDEEM' || may('giftcards:write')));
  return (
    <>
      {allowed.map((action, place) => (
        <Button key={action} size="sm" variant={place === 0 ? 'light' : 'default'} onClick={() => setDoing(action)}>
          {t(`action.${action}`)}
        </Button>
      ))}
      {card.state === 'ACTIVE' && may('giftcards:write') && (
        <Button size="sm" variant="default" leftSection={<IconDeviceMobile size={16} aria-hidden />} onClick={() => setShown(true)}>
          {t('common:link.open')}
        </Button>
      )}
      <CardLink of={card.id} give={giveLink} opened={isShown} onClose={() => setShown(false)} />
      {doing && <ActionDialog key={doing} card={card} action={doing} onClose={() => setDoing(null)} />}
    </>
  );
}

interface ActionDialogProps {
  readonly card: Detail;
  readonly action: Action;
  readonly onClose: () => void;
}

function ActionDialog({ card, action, onClose }: ActionDialogProps) {
  const { t } = useTranslation('giftcards');
  const [amount, setAmount] = useState<number | null>(null);
  const [reason, setReason] = useState('');
  const [pin, setPin] = useState('');
  const act = useSaving({
    save: async () =>
      data(
        await api.POST('/api/v1/gift-cards/{gift_card_id}/activities', {
          params: { path: { gift_card_id: card.id } },
          body: { type: action, ...(NEEDS_AMOUNT.has(action) ? { amount_minor: amount } : {}), ...(reason ? { reason } : {}), ...(pin ? { pin } : {}) },
        }),
      ),
    refresh: [['gift-cards']],
    onSaved: onClose,
  });
  const faults = refused(act.error, FIELDS);
  const lead = t(`actionLead.${action}`, { defaultValue: '' });
  return (
    <ConfirmDialog opened title={t(`action.${action}`)} action={t(`action.${action}`)} danger={DANGEROUS.has(action)} pending={act.isPending} fault={faults.above} onClose={onClose} onConfirm={() => act.mutate()}>
      {lead && <Text size="sm">{lead}</Text>}
      {NEEDS_AMOUNT.has(action) && <MoneyInput label={t('amount')} currency={card.currency} required withAsterisk={false} min={1} value={amount} onChange={setAmount} error={faults.at('amount_minor')} data-autofocus />}
      {(NEEDS_REASON.has(action) || action === 'UNBLOCK') && (
        <TextInput label={t('reason')} description={t('reasonHint')} required={NEEDS_REASON.has(action)} withAsterisk={false} maxLength={300} dir="auto" value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} error={faults.at('reason')} />
      )}
      {action === 'REDEEM' && card.has_pin && <TextInput label={t('sell.pin')} required withAsterisk={false} inputMode="numeric" autoComplete="off" pattern="[0-9]{4,12}" dir="ltr" value={pin} onChange={({ currentTarget }) => setPin(currentTarget.value)} error={faults.at('pin')} />}
    </ConfirmDialog>
  );
}
