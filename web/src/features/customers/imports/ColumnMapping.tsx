import { Group, Paper, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { type ColumnChoice, FIELDS, attributeName } from './plan';

interface ColumnMappingProps {
  readonly title: string;
  readonly examples: readonly string[];
  readonly choice: ColumnChoice;
  readonly onChange: (choice: ColumnChoice) => void;
}

/** One column of the file: its title, what stands in it, and what that is. */
export function ColumnMapping({ title, examples, choice, onChange }: ColumnMappingProps) {
  const { t } = useTranslation('customers');
  const choose = (name: string | null) => {
    const field = FIELDS.find((known) => known === name) ?? null;
    onChange({ ...choice, field, attribute: field === 'attribute' ? choice.attribute || attributeName(title) : '' });
  };
  return (
    <Paper withBorder p="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <div>
          <Text fw={600} truncate>
            <bdi>{title}</bdi>
          </Text>
          <Text size="sm" c="dimmed" truncate>
            <bdi>{examples.join(' · ') || '—'}</bdi>
          </Text>
        </div>
        <Group gap="xs" align="flex-start" grow preventGrowOverflow={false}>
          <Select
            aria-label={t('map.field', { column: title })}
            placeholder={t('map.ignore')}
            data={FIELDS.map((value) => ({ value, label: t(`field.${value}`) }))}
            value={choice.field}
            clearable
            onChange={choose}
          />
          {choice.field === 'attribute' && (
            <>
              <TextInput
                aria-label={t('map.attribute', { column: title })}
                dir="ltr"
                maxLength={50}
                value={choice.attribute}
                onChange={(event) => onChange({ ...choice, attribute: event.currentTarget.value })}
              />
              <Select
                aria-label={t('map.type', { column: title })}
                data={(['text', 'number', 'boolean'] as const).map((value) => ({ value, label: t(`map.types.${value}`) }))}
                value={choice.type}
                allowDeselect={false}
                onChange={(type) => type && onChange({ ...choice, type })}
              />
            </>
          )}
        </Group>
      </SimpleGrid>
    </Paper>
  );
}
