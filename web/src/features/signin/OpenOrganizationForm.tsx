import { Anchor, Button, Collapse, PasswordInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api } from '@/lib/api';
import { LANGUAGES, type Language, currentLanguage } from '@/lib/i18n';
import { refused } from '@/lib/refusals';
import { ME } from '@/lib/session';
import { Fault } from '@/ui/Fault';

import { COUNTRIES, CURRENCIES, countryHere, named, zonesWith } from './countries';

interface Place {
  readonly currency: string;
  readonly time_zone: string;
  readonly language: Language;
}

interface OpenOrganizationFormProps {
  /** What stands behind # in the server's setup link. */
  readonly setupToken?: string;
}

const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A new organization with its owner, who is signed in at once and led through the first steps. */
export function OpenOrganizationForm({ setupToken }: OpenOrganizationFormProps) {
  const { t, i18n } = useTranslation('signin');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [country, setCountry] = useState(() => countryHere(ownZone(), navigator.languages)?.code ?? null);
  const [place, setPlace] = useState<Place>(() => {
    const here = countryHere(ownZone(), navigator.languages);
    return { currency: here?.currency ?? 'EUR', time_zone: ownZone(), language: currentLanguage() };
  });
  const form = useForm({ mode: 'uncontrolled', initialValues: { name: '', owner_name: '', owner_email: '', owner_password: '' } });
  const open = useMutation({
    mutationFn: async (values: ReturnType<typeof form.getValues>) => {
      await api.POST('/api/v1/organizations', { body: { ...values, ...place, ...(setupToken ? { setup_token: setupToken } : {}) } });
      await api.POST('/api/v1/sessions', { body: { email: values.owner_email, password: values.owner_password } });
    },
    onSuccess: async () => {
      await navigate('/welcome', { replace: true });
      await client.invalidateQueries({ queryKey: ME });
    },
  });
  const choose = (code: string | null) => {
    const chosen = COUNTRIES.find((known) => known.code === code);
    setCountry(code);
    if (chosen) setPlace({ currency: chosen.currency, time_zone: chosen.zone, language: chosen.language });
  };
  const faults = refused(open.error);
  return (
    <form onSubmit={form.onSubmit((values) => open.mutate(values))}>
      <Stack>
        {faults.above !== null && <Fault fault={faults.above} />}
        <TextInput label={t('organizationName')} autoComplete="organization" required maxLength={100} dir="auto" {...form.getInputProps('name')} error={faults.at('name')} />
        <Select label={t('country')} placeholder={t('countryHint')} data={named(i18n.language)} value={country} onChange={choose} searchable allowDeselect={false} nothingFoundMessage={t('countryNone')} />
        <Suggested place={place} onChange={(part) => setPlace((before) => ({ ...before, ...part }))} />
        <TextInput label={t('yourName')} autoComplete="name" required maxLength={100} dir="auto" {...form.getInputProps('owner_name')} error={faults.at('owner_name')} />
        <TextInput label={t('email')} type="email" autoComplete="username" required {...form.getInputProps('owner_email')} error={faults.at('owner_email')} />
        <PasswordInput
          label={t('password')}
          description={t('passwordHint')}
          autoComplete="new-password"
          minLength={10}
          required
          {...form.getInputProps('owner_password')}
          error={faults.at('owner_password')}
        />
        <Button type="submit" size="md" loading={open.isPending}>
          {t('create')}
        </Button>
      </Stack>
    </form>
  );
}

interface SuggestedProps {
  readonly place: Place;
  readonly onChange: (part: Partial<Place>) => void;
}

/** What follows from the country, in a line; to be changed by those whom it does not fit. */
function Suggested({ place, onChange }: SuggestedProps) {
  const { t } = useTranslation('signin');
  const [isOpen, { toggle }] = useDisclosure();
  return (
    <Stack gap="xs" mt={-8}>
      <Text size="sm" c="dimmed">
        <bdi>{place.currency}</bdi> · <bdi dir="ltr">{place.time_zone.replace('_', ' ')}</bdi> · {t(`common:languages.${place.language}`)}{' '}
        <Anchor component="button" type="button" size="sm" onClick={toggle} aria-expanded={isOpen}>{t('adjust')}</Anchor>
      </Text>
      <Collapse expanded={isOpen}>
        <Stack gap="xs">
          <SimpleGrid cols={2}>
            <Select label={t('currency')} description={t('currencyHint')} data={CURRENCIES} value={place.currency} allowDeselect={false} searchable onChange={(currency) => currency && onChange({ currency })} />
            <Select
              label={t('cardLanguage')}
              description={t('cardLanguageHint')}
              data={LANGUAGES.map((value) => ({ value, label: t(`common:languages.${value}`) }))}
              value={place.language}
              allowDeselect={false}
              onChange={(tag) => onChange({ language: LANGUAGES.find((known) => known === tag) ?? 'en' })}
            />
          </SimpleGrid>
          <Select label={t('timeZone')} data={zonesWith(place.time_zone)} value={place.time_zone} allowDeselect={false} searchable dir="ltr" onChange={(time_zone) => time_zone && onChange({ time_zone })} />
        </Stack>
      </Collapse>
    </Stack>
  );
}
