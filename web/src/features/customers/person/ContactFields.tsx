import { Group, NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { Problem, type Schemas } from '@/lib/api';
import { LANGUAGES } from '@/lib/i18n';

import type { Customer } from '../api';

export interface Contact {
  first_name: string;
  last_name: string;
  phone: string;
  email: string;
  day: number | string;
  month: string | null;
  year: number | string;
  language: string | null;
}

export const contactOf = (customer?: Customer): Contact => ({
  first_name: customer?.first_name ?? '',
  last_name: customer?.last_name ?? '',
  phone: customer?.phone ?? '',
  email: customer?.email ?? '',
  day: customer?.birthday?.day ?? '',
  month: customer?.birthday ? String(customer.birthday.month) : null,
  year: customer?.birthday?.year ?? '',
  language: customer?.language ?? null,
});

/** As the API takes it: what is empty is null. */
export function bodyOf(contact: Contact): Schemas['CustomerChange'] {
  const given = (text: string) => text.trim() || null;
  const language = LANGUAGES.find((known) => known === contact.language) ?? null;
  return {
    first_name: given(contact.first_name),
    last_name: given(contact.last_name),
    phone: given(contact.phone),
    email: given(contact.email),
    birthday:
      contact.month && contact.day
        ? { month: Number(contact.month), day: Number(contact.day), year: contact.year ? Number(contact.year) : null }
        : null,
    language,
  };
}

const FIELD_OF: Record<string, keyof Contact> = {
  invalid_phone: 'phone',
  customer_phone_taken: 'phone',
  invalid_email: 'email',
  customer_email_taken: 'email',
  birthday_in_future: 'year',
};

/** The field that a refusal speaks of, with its sentence; null when it is none of these. */
export function faultOf(fault: unknown): Partial<Record<keyof Contact, string>> | null {
  const field = fault instanceof Problem ? FIELD_OF[fault.code] : undefined;
  return field && fault instanceof Problem ? { [field]: fault.message } : null;
}

/** Name, contact, birthday and language; the same for somebody new and somebody known. */
export function ContactFields({ form }: { readonly form: UseFormReturnType<Contact> }) {
  const { t, i18n } = useTranslation('customers');
  const months = Array.from({ length: 12 }, (_, month) => ({
    value: String(month + 1),
    label: new Intl.DateTimeFormat(i18n.language, { month: 'long' }).format(new Date(2000, month, 1)),
  }));
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t('contact.firstName')} maxLength={100} autoComplete="off" data-autofocus {...form.getInputProps('first_name')} />
        <TextInput label={t('contact.lastName')} maxLength={100} autoComplete="off" {...form.getInputProps('last_name')} />
        <TextInput label={t('columns.phone')} type="tel" dir="ltr" maxLength={40} autoComplete="off" {...form.getInputProps('phone')} />
        <TextInput label={t('columns.email')} type="email" dir="ltr" maxLength={254} autoComplete="off" {...form.getInputProps('email')} />
      </SimpleGrid>
      <Group align="flex-end" grow>
        <NumberInput label={t('contact.day')} min={1} max={31} hideControls allowDecimal={false} {...form.getInputProps('day')} />
        <Select label={t('contact.month')} data={months} clearable {...form.getInputProps('month')} />
        <NumberInput
          label={t('contact.year')}
          min={1900}
          max={2100}
          hideControls
          allowDecimal={false}
          thousandSeparator=""
          {...form.getInputProps('year')}
        />
      </Group>
      <Select
        label={t('columns.language')}
        data={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
        clearable
        {...form.getInputProps('language')}
      />
    </>
  );
}
