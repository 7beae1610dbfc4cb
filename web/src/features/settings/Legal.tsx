import { Button, Group, Stack, TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { Fault } from '@/ui/Fault';
import { Section } from '@/ui/Section';

import { type SettingsProps, useChangeOrganization } from './change';

const FIELDS = ['controller', 'contact_email', 'data_protection_officer', 'cndp_receipt', 'privacy_url'] as const;
type Notices = Record<(typeof FIELDS)[number], string>;

/** What the law wants beside a form: who processes the data, under which declaration, whom to write to. */
export function Legal({ organization, mayChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const change = useChangeOrganization(common('saved'));
  const { legal } = organization;
  const form = useForm<Notices>({
    initialValues: {
      controller: legal.controller ?? '',
      contact_email: legal.contact_email ?? '',
      data_protection_officer: legal.data_protection_officer ?? '',
      cndp_receipt: legal.cndp_receipt ?? '',
      privacy_url: legal.privacy_url ?? '',
    },
    validate: { privacy_url: (typed) => (typed === '' || /^https?:\/\/\S+$/.test(typed) ? null : t('websiteWrong')) },
  });
  const save = (typed: Notices) => {
    const filled = FIELDS.map((name) => [name, typed[name].trim() || null] as const);
    change.mutate({ legal: Object.fromEntries(filled) });
  };
  const about = (name: keyof Notices) => ({
    label: t(`legal.${name}`),
    description: t(`legal.${name}_hint`),
    disabled: !mayChange,
    ...form.getInputProps(name),
  });
  return (
    <Section title={t('tab.legal')} lead={t('legalLead')}>
      <form onSubmit={form.onSubmit(save)}>
        <Stack maw={560}>
          {change.isError && <Fault fault={change.error} />}
          <Textarea autosize minRows={2} maxLength={300} {...about('controller')} />
          <TextInput type="email" dir="ltr" {...about('contact_email')} />
          <TextInput maxLength={300} {...about('data_protection_officer')} />
          <TextInput maxLength={100} {...about('cndp_receipt')} />
          <TextInput type="url" dir="ltr" placeholder="https://" maxLength={500} {...about('privacy_url')} />
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
