import { Button, Group, NumberInput, SimpleGrid, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Section } from '@/ui/Section';

import { RECEIPTS, useReceiptSettings } from './requests';

type Settings = Schemas['ReceiptSettings'];
const LIMITS = { claim_days: 90, per_day: 1_000, per_month: 10_000 } as const;

/** How long and how often receipts may be claimed. */
export function ReceiptSettings() {
  const { t } = useTranslation('customers');
  const settings = useReceiptSettings();
  if (!useMay()('programs:write')) return null;
  return (
    <Section title={t('receipts.settings')} lead={t('receipts.settingsLead')}>
      <Loaded query={settings}>{(known) => <Form known={known} />}</Loaded>
    </Section>
  );
}

function Form({ known }: { readonly known: Settings }) {
  const { t } = useTranslation('customers');
  const [wanted, setWanted] = useState(known);
  const save = useSaving({
    save: async () => data(await api.PUT('/api/v1/receipt-settings', { body: wanted })),
    refresh: [RECEIPTS],
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {save.isError && <Fault fault={save.error} />}
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {(Object.keys(LIMITS) as (keyof typeof LIMITS)[]).map((name) => (
          <NumberInput
            key={name}
            label={t(`receipts.${name}`)}
            min={1}
            max={LIMITS[name]}
            allowDecimal={false}
            required
            value={wanted[name] ?? ''}
            onChange={(value) => setWanted({ ...wanted, [name]: Number(value) || 1 })}
          />
        ))}
      </SimpleGrid>
      <Switch
        mt="md"
        label={t('receipts.by_print')}
        description={t('receipts.byPrintHint')}
        checked={wanted.by_print ?? false}
        onChange={({ currentTarget }) => setWanted({ ...wanted, by_print: currentTarget.checked })}
      />
      <Group mt="md">
        <Button type="submit" loading={save.isPending}>
          {t('common:save')}
        </Button>
      </Group>
    </form>
  );
}
