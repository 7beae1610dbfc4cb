import { Card, Select, SimpleGrid, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { useMay } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { MoneyInput, QuantityInput } from '@/ui/QuantityInput';
import { SaveBar } from '@/ui/SaveBar';

import { type Program, useProgramChange } from '../requests';

import { KINDS, type TermValues, termIn, valuesOf } from './term';

const JOINING = ['open', 'unpaid'] as const;

/** Whether memberships end, when, and what one more term costs. */
export function TermForm({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const canWrite = useMay()('programs:write') && program.state !== 'ended';
  const { value, set, isDirty, replace, settle } = useDraft<TermValues>(valuesOf(program.settings.term));
  const save = useProgramChange(program.id);
  const faults = refused(save.error);
  return (
    <form
      style={{ maxWidth: 760 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate((now) => ({ settings: { ...now.settings, term: termIn(value) } }), { onSuccess: (saved) => settle(valuesOf(saved.settings.term), value) });
      }}
    >
      <fieldset disabled={!canWrite} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
        <Stack>
          {faults.above !== null && <Fault fault={faults.above} />}
          <Card withBorder component="section">
            <Stack>
              <div>
                <Title order={2} size="h5">{t('term.title')}</Title>
                <Text size="sm" c="dimmed">{t('term.lead')}</Text>
              </div>
              <Switch label={t('term.on')} checked={value.isOn} onChange={({ currentTarget }) => set({ isOn: currentTarget.checked })} />
              {value.isOn && <Fields value={value} set={set} program={program} />}
            </Stack>
          </Card>
        </Stack>
      </fieldset>
      {canWrite && <SaveBar isDirty={isDirty} pending={save.isPending} onDiscard={() => replace(valuesOf(program.settings.term))} />}
    </form>
  );
}

interface FieldsProps {
  readonly value: TermValues;
  readonly set: (change: Partial<TermValues>) => void;
  readonly program: Program;
}

function Fields({ value, set, program }: FieldsProps) {
  const { t } = useTranslation('programs');
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <Select
        label={t('term.runs')}
        data={KINDS.map((kind) => ({ value: kind, label: t(`term.kinds.${kind}`) }))}
        value={value.kind}
        allowDeselect={false}
        onChange={(next) => set({ kind: KINDS.find((kind) => kind === next) ?? 'years' })}
      />
      {value.kind === 'ends_on' ? (
        <TextInput
          type="date"
          label={t('term.endsOn')}
          description={t('term.endsOnHint')}
          required
          withAsterisk={false}
          value={value.endsOn}
          onChange={({ currentTarget }) => set({ endsOn: currentTarget.value })}
        />
      ) : (
        <QuantityInput label={t(`term.count.${value.kind}`)} min={1} max={value.kind === 'years' ? 100 : 1_200} value={value.count} onNumber={(count) => set({ count })} />
      )}
      <MoneyInput label={t('term.price')} description={t('term.priceHint')} currency={program.currency} value={value.priceMinor} onNumber={(priceMinor) => set({ priceMinor })} />
      <Select
        label={t('term.joining')}
        description={t('term.joiningHint')}
        data={JOINING.map((joining) => ({ value: joining, label: t(`term.joinings.${joining}`) }))}
        value={value.joining}
        allowDeselect={false}
        onChange={(next) => set({ joining: next === 'unpaid' ? 'unpaid' : 'open' })}
      />
      <QuantityInput label={t('term.early')} description={t('term.earlyHint')} max={3_650} value={value.earlyDays} onNumber={(earlyDays) => set({ earlyDays })} />
      <QuantityInput label={t('term.grace')} description={t('term.graceHint')} max={365} value={value.graceDays} onNumber={(graceDays) => set({ graceDays })} />
      <QuantityInput label={t('term.remind')} description={t('term.remindHint')} max={365} value={value.remindDays} onNumber={(remindDays) => set({ remindDays })} />
    </SimpleGrid>
  );
}
