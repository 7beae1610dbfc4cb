import { Button, Group, NumberInput, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { whole } from '@/lib/format';
import { tell } from '@/lib/notify';
import { Fault } from '@/ui/Fault';

import { type Member, useWrite } from '../api';

interface AdjustProps {
  readonly member: Member;
  readonly onClose: () => void;
}

/** Give or take by hand. The reason stays in the books, beside who did it. */
export function Adjust({ member, onClose }: AdjustProps) {
  const { t } = useTranslation('customers');
  const form = useForm({
    initialValues: { way: 'give', amount: '', reason: '', unit: member.balances[0]?.unit ?? '' },
    validate: {
      amount: (amount) => (Number(amount) >= 1 ? null : t('adjust.amountFault')),
      reason: (reason) => (reason.trim() ? null : t('adjust.reasonFault')),
    },
  });
  const adjust = useWrite(
    (values: ReturnType<typeof form.getValues>) =>
      api.POST('/api/v1/members/{membership_id}/adjustments', {
        params: { path: { membership_id: member.id } },
        body: {
          amount: Number(values.amount) * (values.way === 'give' ? 1 : -1),
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
  const after = (balance?.active ?? 0) + Number(amount) * (way === 'give' ? 1 : -1);
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
        <NumberInput
          label={t('adjust.amount')}
          min={1}
          max={1_000_000_000}
          allowDecimal={false}
          allowNegative={false}
          data-autofocus
          {...form.getInputProps('amount')}
        />
        <TextInput label={t('adjust.reason')} description={t('adjust.reasonHint')} maxLength={300} {...form.getInputProps('reason')} />
        <Text size="sm" c={after < 0 ? 'red' : 'dimmed'} aria-live="polite">
          {t('adjust.after', { before: whole(balance?.active ?? 0), after: whole(after) })}
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
