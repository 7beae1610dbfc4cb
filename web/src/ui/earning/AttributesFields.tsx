import { ActionIcon, Button, Group, Input, Select, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Conditions } from './kinds';

type Attribute = NonNullable<Conditions['attributes']>[number];
const WAYS = ['present', 'equals', 'at_least', 'at_most'] as const;
type Way = (typeof WAYS)[number];

interface AttributesFieldsProps {
  readonly value: readonly Attribute[];
  readonly onChange: (value: Attribute[]) => void;
}

/** What a custom event must say of itself. */
export function AttributesFields({ value, onChange }: AttributesFieldsProps) {
  const { t } = useTranslation('earning');
  const put = (place: number, attribute: Attribute) => onChange(value.map((known, at) => (at === place ? attribute : known)));
  return (
    <Input.Wrapper label={t('conditions.attributes')} labelElement="div">
      <Stack gap="xs" align="flex-start">
        {value.map((attribute, place) => {
          const way = wayOf(attribute);
          return (
            <Group key={place} gap="xs" align="flex-end">
              <TextInput
                label={t('conditions.attributeName')}
                description={t('conditions.attributeNameHint')}
                required
                withAsterisk={false}
                pattern="[a-z][a-z0-9_]{0,49}"
                value={attribute.name}
                onChange={({ currentTarget }) => put(place, { ...attribute, name: currentTarget.value })}
              />
              <Select
                label={t('conditions.attributeHow')}
                data={WAYS.map((each) => ({ value: each, label: t(`conditions.how.${each}`) }))}
                value={way}
                allowDeselect={false}
                onChange={(chosen) => put(place, made(attribute.name, chosen ?? 'present', textOf(attribute)))}
              />
              {way !== 'present' && (
                <TextInput
                  label={t('conditions.attributeValue')}
                  required
                  withAsterisk={false}
                  value={textOf(attribute)}
                  onChange={({ currentTarget }) => put(place, made(attribute.name, way, currentTarget.value))}
                />
              )}
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('conditions.removeAttribute')} onClick={() => onChange(value.filter((_, at) => at !== place))}>
                <IconX size={18} aria-hidden />
              </ActionIcon>
            </Group>
          );
        })}
        {value.length < 10 && (
          <Button variant="light" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...value, { name: '' }])}>
            {t('conditions.addAttribute')}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}

export function wayOf(attribute: Attribute): Way {
  if (attribute.at_least !== null && attribute.at_least !== undefined) return 'at_least';
  if (attribute.at_most !== null && attribute.at_most !== undefined) return 'at_most';
  return attribute.equals !== null && attribute.equals !== undefined ? 'equals' : 'present';
}

/** A condition from what was typed: numbers are numbers, “true” and “false” are what they say, the rest is text. */
export function made(name: string, way: Way, typed: string): Attribute {
  const number = typed.trim() === '' ? NaN : Number(typed.replace(',', '.'));
  if (way === 'present') return { name };
  if (way === 'equals') return { name, equals: typed === 'true' ? true : typed === 'false' ? false : Number.isNaN(number) ? typed : number };
  return { name, [way]: Number.isNaN(number) ? 0 : number };
}

const textOf = (attribute: Attribute): string => String(attribute.equals ?? attribute.at_least ?? attribute.at_most ?? '');
