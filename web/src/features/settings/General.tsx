import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { instant } from '@/lib/format';
import { LANGUAGES, type Language } from '@/lib/i18n';
import { SCAN_ACTIONS } from '@/lib/scanActions';
import { Fault } from '@/ui/Fault';
import { Section } from '@/ui/Section';

import { type SettingsProps, useChangeOrganization } from './change';

const NAMES: Record<Language, string> = { en: 'English', fr: 'Français', ar: 'العربية' };
const zones = (present: string): string[] => [...new Set([present, ...Intl.supportedValuesOf('timeZone')])].sort();

/** Name, language and time zone; the currency cannot change, for balances are counted in it. */
export function General({ organization, mayChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const change = useChangeOrganization(common('saved'));
  const form = useForm({
    initialValues: {
      name: organization.name,
      language: organization.language,
      time_zone: organization.time_zone,
      scan_action: organization.scan_action,
    },
  });
  const zone = form.getValues().time_zone;
  return (
    <Section title={t('tab.general')}>
      <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack maw={480}>
          {change.isError && <Fault fault={change.error} />}
          <TextInput label={t('name')} required maxLength={100} disabled={!mayChange} {...form.getInputProps('name')} />
          <Select
            label={t('language')}
            description={t('languageHint')}
            data={LANGUAGES.map((value) => ({ value, label: NAMES[value] }))}
            allowDeselect={false}
            disabled={!mayChange}
            {...form.getInputProps('language')}
          />
          <Select
            label={t('timeZone')}
            description={t('timeZoneHint', { now: instant(new Date().toISOString(), zone) })}
            data={zones(organization.time_zone)}
            searchable
            allowDeselect={false}
            disabled={!mayChange}
            {...form.getInputProps('time_zone')}
          />
          <Select
            label={common('scanAction.label')}
            description={t('scanActionHint')}
            data={SCAN_ACTIONS.map((value) => ({ value, label: common(`scanAction.${value}`) }))}
            allowDeselect={false}
            disabled={!mayChange}
            {...form.getInputProps('scan_action')}
          />
          <div>
            <Text fw={500} size="sm">
              {t('currency')}
            </Text>
            <Text>{organization.currency}</Text>
            <Text size="xs" c="dimmed">
              {t('currencyHint')}
            </Text>
          </div>
          {mayChange && (
            <Group>
              <Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
                {common('save')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  );
}
