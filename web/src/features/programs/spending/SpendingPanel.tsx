import { Card, Checkbox, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconWallet } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { money } from '@/lib/format';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { unitAmount, unitName } from '@/lib/units';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { MoneyInput, QuantityInput, UnitsInput } from '@/ui/QuantityInput';
import { SaveBar } from '@/ui/SaveBar';
import type { Unit } from '@/ui/earning/kinds';

import type { Program } from '../requests';
import type { PanelProps } from '../sections';

type Terms = Schemas['SpendingTermsOut'];
type Payment = NonNullable<Schemas['SpendingTermsIn']['payment']>;
const PERIODS = ['day', 'week', 'month', 'year'] as const;

/** How each unit may be spent: on bills, and how much of it. */
export function SpendingPanel({ program }: PanelProps) {
  const { t } = useTranslation('programs');
  const canWrite = useMay()('programs:write') && program.state !== 'ended';
  const terms = useQuery({
    queryKey: ['program', program.id, 'spending'],
    queryFn: async () => data(await api.GET('/api/v1/programs/{program_id}/spending', { params: { path: { program_id: program.id } } })).items,
  });
  return (
    <Loaded query={terms}>
      {(items) => {
        if (items.length === 0) return <Empty icon={IconWallet} title={t('spending.none')} hint={t('spending.noneHint')} />;
        return (
          <Stack>
            <div>
              <Title order={2} size="h4">{t('section.spending')}</Title>
              <Text c="dimmed" size="sm">{t('spending.lead')}</Text>
            </div>
            {items.map((each) => {
              const unit = program.units.find(({ code }) => code === each.unit);
              return unit && <TermsForm key={each.unit} program={program} unit={unit} terms={each} readOnly={!canWrite} />;
            })}
          </Stack>
        );
      }}
    </Loaded>
  );
}

interface TermsFormProps {
  readonly program: Program;
  readonly unit: Unit;
  readonly terms: Terms;
  readonly readOnly: boolean;
}

function TermsForm({ program, unit, terms, readOnly }: TermsFormProps) {
  const { t } = useTranslation('programs');
  const { value, set, isDirty, replace, settle } = useDraft<Pick<Terms, 'payment' | 'caps'>>({ payment: terms.payment, caps: terms.caps });
  const save = useSaving({
    save: async (body: typeof value) =>
      data(await api.PUT('/api/v1/programs/{program_id}/spending/{unit}', { params: { path: { program_id: program.id, unit: unit.code } }, body })),
    refresh: [['program', program.id, 'spending']],
    onSaved: (_, sent) => settle(sent, sent),
  });
  const faults = refused(save.error);
  const begin: Payment = { value: { units: unit.kind === 'money' ? 1 : 100, amount_minor: unit.kind === 'money' ? 1 : 100 } };
  return (
    <Card withBorder component="form" aria-label={unitName(unit, 10)} onSubmit={(event) => { event.preventDefault(); save.mutate(value); }}>
      <fieldset disabled={readOnly} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
        <Stack>
          <Title order={3} size="h5" dir="auto">{unitName(unit, 10)}</Title>
          {faults.above !== null && <Fault fault={faults.above} />}
          <Checkbox label={t('spending.pays')} checked={value.payment !== null} onChange={({ currentTarget }) => set({ payment: currentTarget.checked ? begin : null })} />
          {value.payment && <PaymentFields value={value.payment} onChange={(payment) => set({ payment })} unit={unit} currency={program.currency} at={faults.at} />}
          <CapFields value={value.caps} onChange={(caps) => set({ caps })} unit={unit} />
        </Stack>
      </fieldset>
      {!readOnly && <SaveBar isDirty={isDirty} pending={save.isPending} onDiscard={() => replace({ payment: terms.payment, caps: terms.caps })} />}
    </Card>
  );
}

interface PaymentFieldsProps {
  readonly value: Payment;
  readonly onChange: (value: Payment) => void;
  readonly unit: Unit;
  readonly currency: string;
  readonly at: (path: string) => string | undefined;
}

function PaymentFields({ value, onChange, unit, currency, at }: PaymentFieldsProps) {
  const { t } = useTranslation('programs');
  const set = (change: Partial<Payment>) => onChange({ ...value, ...change });
  return (
    <>
      <Group grow preventGrowOverflow={false} align="flex-start">
        <UnitsInput label={t('spending.units', { units: unitName(unit, 10) })} unit={unit} min={1} value={value.value.units} onNumber={(units) => set({ value: { ...value.value, units } })} />
        <MoneyInput label={t('spending.worth')} currency={currency} min={1} value={value.value.amount_minor} onNumber={(amount_minor) => set({ value: { ...value.value, amount_minor } })} />
      </Group>
      <Text size="sm">{t('spending.sentence', { units: unitAmount(value.value.units, unit), money: money(value.value.amount_minor, currency), percent: value.basket_percent ?? 100 })}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <UnitsInput label={t('spending.minimum')} unit={unit} min={1} value={value.minimum ?? 1} onNumber={(minimum) => set({ minimum })} error={at('minimum')} />
        <UnitsInput label={t('spending.maximum')} unit={unit} min={1} value={value.maximum} onChange={(maximum) => set({ maximum })} error={at('maximum')} />
        <UnitsInput label={t('spending.step')} unit={unit} min={1} value={value.step ?? 1} onNumber={(step) => set({ step })} error={at('step')} />
        <QuantityInput label={t('spending.share')} suffix="%" min={1} max={100} value={value.basket_percent ?? 100} onNumber={(basket_percent) => set({ basket_percent })} error={at('basket_percent')} />
      </SimpleGrid>
    </>
  );
}

interface CapFieldsProps {
  readonly value: Terms['caps'];
  readonly onChange: (value: Terms['caps']) => void;
  readonly unit: Unit;
}

/** The most that one member may spend in a period; empty is no limit. */
function CapFields({ value, onChange, unit }: CapFieldsProps) {
  const { t } = useTranslation('programs');
  const put = (period: (typeof PERIODS)[number], units: number | null) => {
    const others = Object.fromEntries(Object.entries(value).filter(([known]) => known !== period));
    onChange(units === null ? others : { ...others, [period]: units });
  };
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }}>
      {PERIODS.map((period) => (
        <UnitsInput key={period} label={t(`spending.cap.${period}`)} unit={unit} min={1} value={value[period] ?? null} onChange={(units) => put(period, units)} />
      ))}
    </SimpleGrid>
  );
}

