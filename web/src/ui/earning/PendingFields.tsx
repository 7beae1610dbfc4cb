import { Group, Select, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { QuantityInput } from '@/ui/QuantityInput';

import { LengthField } from './LengthField';
import { MonthDaysField } from './MonthDaysField';
import { PENDING_KINDS, type Pending, lengthOf, newPending } from './timing';

interface PendingFieldsProps {
  readonly value: Pending | null | undefined;
  readonly onChange: (value: Pending | null) => void;
}

/** From when on what was earned can be used. */
export function PendingFields({ value, onChange }: PendingFieldsProps) {
  const { t } = useTranslation('earning');
  return (
    <Stack gap="xs">
      <Select
        label={t('timing.usable')}
        description={t('timing.usableHint')}
        data={PENDING_KINDS.map((kind) => ({ value: kind, label: t(`timing.usableKinds.${kind}`) }))}
        value={value?.type ?? 'at_once'}
        allowDeselect={false}
        onChange={(kind) => kind && onChange(newPending(kind))}
      />
      {value?.type === 'for' && (
        <LengthField label={t('timing.after')} units={{ days: 365, hours: 8760 }} value={lengthOf(value)} onChange={({ count, unit }) => onChange({ type: 'for', [unit]: count })} />
      )}
      {value?.type === 'until_date' && (
        <TextInput type="date" label={t('timing.date')} required withAsterisk={false} maw={228} value={value.date} onChange={({ currentTarget }) => onChange({ ...value, date: currentTarget.value })} />
      )}
      {value?.type === 'until_dates' && <MonthDaysField value={value.dates} onChange={(dates) => onChange({ ...value, dates })} />}
      {value?.type === 'until_event' && <EventFields value={value} onChange={onChange} />}
    </Stack>
  );
}

interface EventFieldsProps {
  readonly value: Extract<Pending, { type: 'until_event' }>;
  readonly onChange: (value: Pending) => void;
}

function EventFields({ value, onChange }: EventFieldsProps) {
  const { t } = useTranslation('earning');
  return (
    <>
      <TextInput
        label={t('timing.event')}
        description={t('timing.eventHint')}
        required
        withAsterisk={false}
        pattern="[a-z][a-z0-9_.]{0,63}"
        dir="ltr"
        value={value.event}
        onChange={({ currentTarget }) => onChange({ ...value, event: currentTarget.value })}
      />
      <Group gap="xs" align="flex-start">
        <QuantityInput w={120} label={t('timing.within')} suffix={t('timing.units.days')} min={1} max={365} value={value.within_days} onNumber={(within_days) => onChange({ ...value, within_days })} />
        <Select
          flex={1}
          miw={180}
          label={t('timing.otherwise')}
          data={(['lapse', 'activate'] as const).map((end) => ({ value: end, label: t(`timing.otherwiseKinds.${end}`) }))}
          value={value.otherwise}
          allowDeselect={false}
          onChange={(otherwise) => otherwise && onChange({ ...value, otherwise })}
        />
      </Group>
    </>
  );
}
