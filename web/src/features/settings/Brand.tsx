import { Button, ColorInput, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { Fault } from '@/ui/Fault';
import { Section } from '@/ui/Section';

import { BrandPreview } from './BrandPreview';
import { LogoField } from './LogoField';
import { type SettingsProps, useChangeOrganization } from './change';

const COLOURS = ['background', 'foreground', 'label'] as const;

/** How pages and new cards look when nothing else is said. */
export function Brand({ organization, mayChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const change = useChangeOrganization(common('saved'));
  const form = useForm({
    initialValues: {
      background: organization.brand.background ?? '',
      foreground: organization.brand.foreground ?? '',
      label: organization.brand.label ?? '',
      website: organization.brand.website ?? '', logo: organization.brand.logo ?? null,
    },
    validate: { website: (typed) => (typed === '' || /^https?:\/\/\S+$/.test(typed) ? null : t('websiteWrong')) },
  });
  const values = form.getValues();
  return (
    <Section title={t('tab.brand')} lead={t('brandLead')}>
      <form
        onSubmit={form.onSubmit((typed) => change.mutate({ brand: { ...typed, website: typed.website || null } }))}
      >
        <Group align="flex-start" gap="xl">
          <Stack style={{ flex: '1 1 16rem' }} maw={480}>
            {change.isError && <Fault fault={change.error} />}
            {COLOURS.map((name) => (
              <ColorInput
                key={name}
                label={t(`colour.${name}`)}
                format="hex"
                disabled={!mayChange}
                dir="ltr"
                {...form.getInputProps(name)}
              />
            ))}
            <LogoField
              organizationId={organization.id}
              logo={values.logo}
              mayChange={mayChange}
              onChange={(logo) => form.setFieldValue('logo', logo)}
            />
            <TextInput
              label={t('website')}
              placeholder="https://"
              type="url"
              dir="ltr"
              disabled={!mayChange}
              {...form.getInputProps('website')}
            />
            {mayChange && (
              <Group>
                <Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
                  {common('save')}
                </Button>
              </Group>
            )}
          </Stack>
          <BrandPreview organization={organization} brand={values} />
        </Group>
      </form>
    </Section>
  );
}
