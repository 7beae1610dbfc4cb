import { Alert, Select, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api } from '@/lib/api';
import { addDays, today } from '@/lib/days';
import { tell } from '@/lib/notify';
import { useMe } from '@/lib/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { MoneyInput } from '@/ui/QuantityInput';

import { type Member, useWrite } from '../api';

interface DialogProps {
  readonly member: Member;
  readonly onClose: () => void;
}

const METHODS = ['cash', 'card', 'transfer', 'other'] as const;

/** Writes a payment down; its amount is the price unless something else was paid. */
export function RenewTerm({ member, term, onClose }: DialogProps & { readonly term: Schemas['MemberTermOut'] }) {
  const { t } = useTranslation('customers');
  const [amount, setAmount] = useState<number | null>(term.price_minor);
  const [method, setMethod] = useState<(typeof METHODS)[number]>('cash');
  const [receipt, setReceipt] = useState('');
  const renew = () =>
    api.POST('/api/v1/members/{membership_id}/renewals', {
      params: { path: { membership_id: member.id } },
      body: { amount_minor: amount, currency: term.currency, method, ...(receipt.trim() ? { reference: receipt.trim() } : {}) },
    });
  return (
    <TermDialog title={t('term.renewOf', { program: member.program_name })} action={t('term.renew')} write={renew} disabled={amount === null} onClose={onClose}>
      <MoneyInput label={t('term.amount')} currency={term.currency} value={amount} onChange={setAmount} data-autofocus />
      <Select
        label={t('term.method')}
        data={METHODS.map((value) => ({ value, label: t(`term.methods.${value}`) }))}
        value={method}
        allowDeselect={false}
        onChange={(next) => setMethod(METHODS.find((each) => each === next) ?? 'other')}
      />
      <TextInput label={t('term.receipt')} description={t('term.receiptHint')} maxLength={100} value={receipt} onChange={({ currentTarget }) => setReceipt(currentTarget.value)} />
      <Alert color="gray" py="xs">
        <Text size="sm">{t('term.noCharge')}</Text>
      </Alert>
    </TermDialog>
  );
}

/** Prolongs without a payment, up to a day; the reason stays in the books. */
export function GiveTerm({ member, onClose }: DialogProps) {
  const { t } = useTranslation('customers');
  const { data: me } = useMe();
  const tomorrow = addDays(today(me?.organization.time_zone ?? 'UTC'), 1);
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const give = () =>
    api.POST('/api/v1/members/{membership_id}/gifted-terms', {
      params: { path: { membership_id: member.id } },
      body: { reason: reason.trim(), ...(until ? { length: { until } } : {}) },
    });
  return (
    <TermDialog title={t('term.giveOf', { program: member.program_name })} action={t('term.give')} write={give} disabled={!reason.trim()} onClose={onClose}>
      <TextInput type="date" label={t('term.until')} description={t('term.untilHint')} min={tomorrow} value={until} onChange={({ currentTarget }) => setUntil(currentTarget.value)} />
      <TextInput label={t('adjust.reason')} description={t('adjust.reasonHint')} maxLength={300} required data-autofocus value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} />
    </TermDialog>
  );
}

interface TermDialogProps extends Omit<DialogProps, 'member'> {
  readonly title: string;
  readonly action: string;
  readonly write: () => Promise<unknown>;
  readonly disabled: boolean;
  readonly children: ReactNode;
}

/** Asks for one more term, and tells when it is written down. */
function TermDialog({ write, onClose, ...asked }: TermDialogProps) {
  const { t } = useTranslation('customers');
  const save = useWrite(write, () => {
    onClose();
    tell(t('term.renewed'));
  });
  return <ConfirmDialog opened {...asked} onClose={onClose} onConfirm={() => save.mutate(undefined)} pending={save.isPending} fault={save.error} />;
}
