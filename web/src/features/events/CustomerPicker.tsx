import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';

interface CustomerPickerProps {
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  readonly error: string | undefined;
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

const MOST = 8;

function choiceOf({ id, first_name, last_name, phone, email }: Schemas['CustomerOut']): Choice {
  const name = [first_name, last_name].filter(Boolean).join(' ');
  return { value: id, label: [name, phone ?? email].filter(Boolean).join(' · ') || id };
}

/** A customer, found by name, phone or e-mail. */
export function CustomerPicker({ value, onChange, error }: CustomerPickerProps) {
  const { t } = useTranslation('events');
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<Choice | null>(null);
  const [text] = useDebouncedValue(typed.trim(), 300);
  const found = useQuery({
    queryKey: ['customers', 'picked', text],
    enabled: text !== '' && text !== chosen?.label,
    placeholderData: keepPreviousData,
    queryFn: async () => data(await api.POST('/api/v1/customers/directory', { params: { query: { limit: MOST } }, body: { text } })).items,
  });
  const choices = (text === '' ? [] : (found.data ?? [])).map(({ customer }) => choiceOf(customer));
  const isChosenThere = chosen === null || choices.some((each) => each.value === chosen.value);
  return (
    <Select
      label={t('tickets.customer')}
      placeholder={t('tickets.nobody')}
      description={t('tickets.findCustomer')}
      searchable
      clearable
      data={isChosenThere ? choices : [chosen, ...choices]}
      filter={({ options }) => options}
      {...(text !== '' && !found.isFetching ? { nothingFoundMessage: t('tickets.nobodyFound') } : {})}
      searchValue={typed}
      onSearchChange={setTyped}
      value={value}
      onChange={(id) => {
        setChosen(choices.find((each) => each.value === id) ?? null);
        onChange(id);
      }}
      error={error}
    />
  );
}
