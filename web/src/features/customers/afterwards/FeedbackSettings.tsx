import { Button, Checkbox, Group, NumberInput, SimpleGrid, Stack, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Section } from '@/ui/Section';

import { FEEDBACK, useFeedbackSettings } from './requests';

type Settings = Required<Schemas['FeedbackSettings']>;
type Occasion = Settings['occasions'][number];
const OCCASIONS: readonly Occasion[] = ['purchase', 'visit', 'check_in'];

/** After which visits customers are asked, how long after, and how often. */
export function FeedbackSettings() {
  const { t } = useTranslation('customers');
  const settings = useFeedbackSettings();
  if (!useMay()('programs:write')) return null;
  return (
    <Section title={t('feedback.settings.title')} lead={t('feedback.settings.lead')}>
      <Loaded query={settings}>{(known) => <Form known={known as Settings} />}</Loaded>
    </Section>
  );
}

function Form({ known }: { readonly known: Settings }) {
  const { t } = useTranslation('customers');
  const [wanted, setWanted] = useState(known);
  const save = useSaving({
    save: async () => data(await api.PUT('/api/v1/feedback-settings', { body: wanted })),
    refresh: [FEEDBACK],
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        {save.isError && <Fault fault={save.error} />}
        <Switch label={t('feedback.settings.enabled')} checked={wanted.enabled} onChange={({ currentTarget }) => setWanted({ ...wanted, enabled: currentTarget.checked })} />
        <Checkbox.Group
          label={t('feedback.settings.occasions')}
          value={[...wanted.occasions]}
          onChange={(chosen) => setWanted({ ...wanted, occasions: OCCASIONS.filter((each) => chosen.includes(each)) })}
        >
          <Group mt={6}>
            {OCCASIONS.map((each) => (
              <Checkbox key={each} value={each} label={t(`feedback.occasion.${each}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <NumberInput
            label={t('feedback.settings.delay')}
            min={0}
            max={168}
            decimalScale={1}
            required
            value={wanted.delay_minutes / 60}
            onChange={(value) => setWanted({ ...wanted, delay_minutes: Math.round((Number(value) || 0) * 60) })}
          />
          <NumberInput
            label={t('feedback.settings.every')}
            min={1}
            max={365}
            allowDecimal={false}
            required
            value={wanted.every_days}
            onChange={(value) => setWanted({ ...wanted, every_days: Number(value) || 1 })}
          />
        </SimpleGrid>
        <Switch label={t('feedback.settings.mail')} description={t('feedback.settings.mailHint')} checked={wanted.by_mail} onChange={({ currentTarget }) => setWanted({ ...wanted, by_mail: currentTarget.checked })} />
        <Group>
          <Button type="submit" loading={save.isPending} disabled={wanted.occasions.length === 0}>
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
