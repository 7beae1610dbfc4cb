import { Checkbox, Group, Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { LengthField } from './LengthField';
import { MonthDaysField } from './MonthDaysField';
import { monthName } from './phrases';
import { ACTIVITIES, EXPIRY_KINDS, type Expiry, PERIOD_ENDS, type Rounding, expiryAfter, lengthOf, newExpiry, roundingOf } from './timing';

interface ExpiryFieldsProps {
  readonly value: Expiry | null | undefined;
  readonly onChange: (value: Expiry | null) => void;
}

/** Until when what was earned can be used. */
export function ExpiryFields({ value, onChange }: ExpiryFieldsProps) {
  const { t } = useTranslation('earning');
  return (
    <Stack gap="xs">
      <Select
        label={t('timing.lapse')}
        description={t('timing.lapseHint')}
        data={EXPIRY_KINDS.map((kind) => ({ value: kind, label: t(`timing.lapseKinds.${kind}`) }))}
        value={value?.type ?? 'never'}
        allowDeselect={false}
        onChange={(kind) => kind && onChange(newExpiry(kind))}
      />
      {value?.type === 'after' && (
        <>
          <LengthField
            label={t('timing.after')}
            units={{ days: 36_500, months: 1200, years: 100 }}
            min={roundingOf(value) === null ? 1 : 0}
            value={lengthOf(value)}
            onChange={(length) => onChange(expiryAfter(length, roundingOf(value)))}
          />
          <RoundingField value={roundingOf(value)} onChange={(rounding) => onChange(expiryAfter(lengthOf(value), rounding))} />
        </>
      )}
      {value?.type === 'on_dates' && <MonthDaysField value={value.dates} onChange={(dates) => onChange({ ...value, dates })} />}
      {value?.type === 'on_inactivity' && (
        <>
          <LengthField
            label={t('timing.after')}
            units={{ days: 3650, months: 120 }}
            value={lengthOf(value)}
            onChange={({ count, unit }) => onChange({ type: 'on_inactivity', [unit]: count, reset_by: value.reset_by ?? [...ACTIVITIES] })}
          />
          <Checkbox.Group
            label={t('timing.resetBy')}
            value={[...(value.reset_by ?? ACTIVITIES)]}
            onChange={(chosen) => chosen.length > 0 && onChange({ ...value, reset_by: chosen })}
          >
            <Group mt={6}>
              {ACTIVITIES.map((activity) => (
                <Checkbox key={activity} value={activity} label={t(`timing.activities.${activity}`)} />
              ))}
            </Group>
          </Checkbox.Group>
        </>
      )}
    </Stack>
  );
}

interface RoundingFieldProps {
  readonly value: Rounding;
  readonly onChange: (value: Rounding) => void;
}

/** At the end of what units lapse that would lapse within it. */
function RoundingField({ value, onChange }: RoundingFieldProps) {
  const { t, i18n } = useTranslation('earning');
  const options: readonly (readonly [Rounding, string])[] = [
    [null, t('timing.rounding.none')],
    ...PERIOD_ENDS.map((end) => [end, t(`timing.rounding.${end}`)] as const),
    ...Array.from({ length: 12 }, (_, at) => [at + 1, monthName(at + 1, i18n)] as const),
  ];
  return (
    <Select
      maw={228}
      label={t('timing.roundTo')}
      data={options.map(([rounding, label]) => ({ value: String(rounding), label }))}
      value={String(value)}
      allowDeselect={false}
      onChange={(chosen) => onChange(options.find(([rounding]) => String(rounding) === chosen)?.[0] ?? null)}
    />
  );
}
