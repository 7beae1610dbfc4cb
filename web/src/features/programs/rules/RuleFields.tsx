import { Checkbox, Fieldset, Select, Stack, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { currencyDigits } from '@/lib/format';
import type { Refused } from '@/lib/refusals';
import { unitName, unitOf } from '@/lib/units';
import { MoneyInput } from '@/ui/QuantityInput';
import { BaseFields } from '@/ui/earning/BaseFields';
import { CapsFields } from '@/ui/earning/CapsFields';
import { ConditionsFields } from '@/ui/earning/ConditionsFields';
import { TimingFields } from '@/ui/earning/TimingFields';
import { PERIODS, type Rule } from '@/ui/earning/kinds';
import type { Words } from '@/ui/earning/words';

import type { Program } from '../requests';

import { OccasionFields } from './OccasionFields';
import { PaceFields } from './PaceFields';
import { retyped, typesFor } from './rule';

interface RuleFieldsProps {
  readonly value: Rule;
  readonly onChange: (rule: Rule) => void;
  readonly program: Program;
  readonly words: Words;
  readonly refused: Refused;
  readonly isNew: boolean;
}

/** Everything a rule says: what for, how much, when, and how far. */
export function RuleFields({ value, onChange, program, words, refused, isNew }: RuleFieldsProps) {
  const { t } = useTranslation('programs');
  const unit = unitOf(program.units, value.unit);
  const isEvent = value.type === 'per_event';
  const major = 10 ** currencyDigits(program.currency);
  return (
    <>
      <Fieldset legend={t('rule.what')}>
        <Stack>
          <Select
            label={t('rule.type')}
            data={typesFor(unit).map((type) => ({ value: type, label: t(`rule.types.${type}`) }))}
            value={value.type}
            allowDeselect={false}
            onChange={(type) => type && onChange(retyped(value, type, major))}
          />
          {program.units.length > 1 && (
            <Select
              label={t('rule.unit')}
              description={isNew ? undefined : t('rule.unitFixed')}
              disabled={!isNew}
              data={program.units.map((each) => ({ value: each.code, label: unitName(each, 10) }))}
              value={unit?.code ?? null}
              allowDeselect={false}
              onChange={(code) => {
                const next = unitOf(program.units, code);
                const type = typesFor(next).includes(value.type) ? value.type : 'per_amount';
                onChange({ ...retyped(value, type, major), unit: code });
              }}
            />
          )}
          <OccasionFields value={value} onChange={onChange} unit={unit} currency={program.currency} refused={refused} />
          {!isEvent && (
            <MoneyInput
              label={words.t('conditions.minimum')}
              description={words.t('conditions.minimumHint')}
              currency={program.currency}
              value={value.minimum_amount_minor === 0 ? null : value.minimum_amount_minor}
              onChange={(amount) => onChange({ ...value, minimum_amount_minor: amount ?? 0 })}
              error={refused.at('minimum_amount_minor')}
            />
          )}
        </Stack>
      </Fieldset>
      <ConditionsFields value={value.conditions ?? {}} onChange={(conditions) => onChange({ ...value, conditions })} words={words} refused={refused} forEvents={isEvent} />
      <Fieldset legend={t('rule.limits')}>
        <Stack>
          <CapsFields value={value.caps ?? []} onChange={(caps) => onChange({ ...value, caps })} scopes={['purchase', ...PERIODS]} unit={unit} />
          <PaceFields value={value} onChange={onChange} />
        </Stack>
      </Fieldset>
      {!isEvent && (
        <Override label={t('rule.ownBase')} isOn={Boolean(value.base)} onToggle={(isOn) => onChange({ ...value, base: isOn ? { ...program.settings.accrual_base } : null })}>
          <BaseFields value={value.base ?? {}} onChange={(base) => onChange({ ...value, base })} />
        </Override>
      )}
      <Override label={t('rule.ownTiming')} isOn={Boolean(value.timing)} onToggle={(isOn) => onChange({ ...value, timing: isOn ? { ...unit?.timing } : null })}>
        <TimingFields value={value.timing ?? {}} onChange={(timing) => onChange({ ...value, timing })} />
      </Override>
      
        <Switch label={t('rule.active')} checked={value.active !== false} onChange={({ currentTarget }) => onChange({ ...value, active: currentTarget.checked })} />

    </>
  );
}

interface OverrideProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onToggle: (isOn: boolean) => void;
  readonly children: ReactNode;
}

/** What stands in for the programme's own, when it is asked for. */
function Override({ label, isOn, onToggle, children }: OverrideProps) {
  return (
    <Stack gap="xs">
      <Checkbox label={label} checked={isOn} onChange={({ currentTarget }) => onToggle(currentTarget.checked)} />
      {isOn && children}
    </Stack>
  );
}
