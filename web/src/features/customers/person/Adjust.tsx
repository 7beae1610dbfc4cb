import { Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { tell } from '@/lib/notify';
import { unitFigure } from '@/lib/units';
import { Fault } from '@/ui/Fault';
import { UnitsInput } from '@/ui/QuantityInput';

import { type Member, useWrite } from '../api';

interface AdjustProps {
  readonly member: Member;
  readonly onClose: () => void;
}

/** Give or take by hand. The reason stays in the books, beside who did it. */
export function Adjust({ member, onClose }: AdjustProps) {
  const { t } = useTranslation('customers');
  const form = useForm({
    initialValues: { way: 'give', amount: null as number | null, reason: '', unit: member.balances[0]?.unit ?? '' },
    validate: {
      amount: (amount) => ((amount ?? 0) >= 1 ? null : t('adjust.amountFault')),
      reason: (reason) => (reason.trim() ? null : t('adjust.reasonFault')),
    },
  });
  const adjust = useWrite(
    (values: ReturnType<typeof form.getValues>) =>
      api.POST('/api/v1/members/{membership_id}/adjustments', {
        params: { path: { membership_id: member.id } },
        body: {
          amount: (values.amount ?? 0) * (values.way === 'give' ? 1 : -1),
          reason: values.reason.trim(),
          unit: values.unit,
        },
      }),
    () => {
      onClose();
      tell(t('common:saved'));
    },
  );
  const { way, amount, unit } = form.getValues();
  const balance = member.balances.find((one) => one.unit === unit);
  const after = (balance?.active ?? 0) + (amount ?? 0) * (way === 'give' ? 1 : -1);
  return (
    <form onSubmit={form.onSubmit((values) => adjust.mutate(values))} noValidate>
      <Stack>
        {adjust.isError && <Fault fault={adjust.error} />}
        <SegmentedControl
          fullWidth
          aria-label={t('adjust.title')}
          data={['give', 'take'].map((value) => ({ value, label: t(`adjust.${value}`) }))}
          {...form.getInputProps('way')}
        />
        {member.balances.length > 1 && (
          <Select
            label={t('adjust.unit')}
            data={member.balances.map((one) => ({ value: one.unit, label: one.name }))}
            allowDeselect={false}
            {...form.getInputProps('unit')}
          />
        )}
        <UnitsInput
          key={unit}
          label={t('adjust.amount')}
          unit={balance}
          min={1}
          max={1_000_000_000}
          data-autofocus
          {...form.getInputProps('amount')}
          value={amount}
        />
        <TextInput label={t('adjust.reason')} description={t('adjust.reasonHint')} maxLength={300} {...form.getInputProps('reason')} />
        <Text size="sm" c={after < 0 ? 'red' : 'dimmed'} aria-live="polite">
          {balance && t('adjust.after', { before: unitFigure(balance.active, balance), after: unitFigure(after, balance) })}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={adjust.isPending}>
            {t('adjust.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
