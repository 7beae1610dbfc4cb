import { Button, Checkbox, Fieldset, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';

import { useDraft } from '@/lib/draft';
import { currencyDigits } from '@/lib/format';
import { refused } from '@/lib/refusals';
import { unitName } from '@/lib/units';
import { BackLink } from '@/ui/BackLink';
import { Fault } from '@/ui/Fault';
import { QuantityInput } from '@/ui/QuantityInput';
import { SaveBar } from '@/ui/SaveBar';
import { CapsFields } from '@/ui/earning/CapsFields';
import { TimingFields } from '@/ui/earning/TimingFields';
import { PERIODS } from '@/ui/earning/kinds';

import { type Program, useProgramChange } from '../requests';

import { NamesFields } from './NamesFields';
import { KINDS, type Values, newUnit, unitIn, valuesOf } from './unit';

const CAP_SCOPES = ['purchase', ...PERIODS.filter((period) => period !== 'ever'), 'ever', 'balance'] as const;

/** One unit: its words, when it lapses, and how rules come together in it. */
export function UnitEditor({ program }: { readonly program: Program }) {
  const { code = 'new' } = useParams();
  const known = program.units.find((unit) => unit.code === code);
  return <Editor key={code} program={program} values={known ? valuesOf(known) : newUnit()} isNew={!known} />;
}

interface EditorProps {
  readonly program: Program;
  readonly values: Values;
  readonly isNew: boolean;
}

function Editor({ program, values, isNew }: EditorProps) {
  const { t } = useTranslation('programs');
  const navigate = useNavigate();
  const { value, set, isDirty } = useDraft<Values>(values);
  const list = `/programs/${program.id}/units`;
  const save = useProgramChange(program.id, () => void navigate(list));
  const faults = refused(save.error);
  const places = currencyDigits(program.currency);
  const unit = { code: value.code, kind: value.kind, currency: value.kind === 'money' ? program.currency : null, decimals: 0, names: value.names };
  return (
    <form
      style={{ maxWidth: 760 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(() => ({ units: [unitIn(value, isNew)] }));
      }}
    >
      <Stack>
        <BackLink to={list} label={t('section.units')} />
        <Title order={2} size="h4" dir="auto">{isNew ? t('units.add') : unitName(unit, 10)}</Title>
        {faults.above !== null && <Fault fault={faults.above} />}
        {isNew && (
          <>
            <Select label={t('units.kind')} data={KINDS.map((kind) => ({ value: kind, label: t(`units.kinds.${kind}`) }))} value={value.kind} allowDeselect={false} onChange={(kind) => kind && set({ kind: kind })} />
            <TextInput
              label={t('units.code')}
              description={t('units.codeHint')}
              required
              pattern="[a-z][a-z0-9_]{0,29}"
              value={value.code}
              onChange={({ currentTarget }) => set({ code: currentTarget.value })}
              error={program.units.some(({ code }) => code === value.code) ? t('units.codeTaken') : faults.at('code')}
            />
          </>
        )}
        <NamesFields value={value.names} onChange={(names) => set({ names })} />
        <Checkbox label={t('units.isSpendable')} description={t('units.isSpendableHint')} checked={value.spendable ?? true} onChange={({ currentTarget }) => set({ spendable: currentTarget.checked })} />
        <Fieldset legend={t('units.time')}>
          <TimingFields value={value.timing ?? {}} onChange={(timing) => set({ timing })} />
        </Fieldset>
        <Fieldset legend={t('units.together')}>
          <Stack>
            <Choice name="policy" options={['sum', 'best', 'first']} value={value.policy} onChange={(policy) => set({ policy })} />
            <Choice name="multipliers" options={['best', 'product', 'sum']} value={value.multipliers} onChange={(multipliers) => set({ multipliers })} />
            <CapsFields value={value.caps ?? []} onChange={(caps) => set({ caps })} scopes={CAP_SCOPES} unit={unit} />
          </Stack>
        </Fieldset>
        <Fieldset legend={t('units.books')}>
          <Stack>
            <Choice name="shortfall" options={['refuse', 'forgive', 'owe']} value={value.shortfall} onChange={(shortfall) => set({ shortfall })} />
            <Text size="sm" c="dimmed">{t('units.booksHint')}</Text>
            <QuantityInput label={t('units.cost')} places={places + 6} suffix={program.currency} value={value.cost_micros} onNumber={(cost_micros) => set({ cost_micros })} error={faults.at('cost_micros')} />
            <QuantityInput label={t('units.breakage')} places={4} suffix="%" max={1_000_000} value={value.breakage_ppm} onNumber={(breakage_ppm) => set({ breakage_ppm })} error={faults.at('breakage_ppm')} />
          </Stack>
        </Fieldset>
      </Stack>
      <SaveBar isDirty={isDirty} isNew={isNew} pending={save.isPending} more={<Button component={Link} to={list} variant="default">{t('common:cancel')}</Button>} />
    </form>
  );
}

interface ChoiceProps<C extends string> {
  readonly name: string;
  readonly options: readonly C[];
  readonly value: C | null;
  readonly onChange: (value: C) => void;
}

function Choice<C extends string>({ name, options, value, onChange }: ChoiceProps<C>) {
  const { t } = useTranslation('programs');
  return (
    <Select
      label={t(`units.${name}`)}
      data={options.map((option) => ({ value: option, label: t(`units.${name}Options.${option as string}`) }))}
      value={value}
      allowDeselect={false}
      onChange={(chosen) => chosen && onChange(chosen)}
    />
  );
}
