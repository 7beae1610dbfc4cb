import { Card, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { whole } from '@/lib/format';

import type { Import } from './imports';

const SHOWN = ['new', 'changed', 'same', 'enrolled', 'units', 'cards', 'faulty'] as const;

/** What a check found or a run did; figures that are zero and were not asked for are left out. */
export function Figures({ found }: { readonly found: Import }) {
  const { t } = useTranslation('customers');
  const shown = SHOWN.filter((name) => found.figures[name] > 0 || name === 'new' || name === 'faulty');
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: shown.length }}>
      {shown.map((name) => (
        <Card key={name} withBorder padding="sm">
          <Text size="xl" fw={700} {...(name === 'faulty' && found.figures.faulty > 0 ? { c: 'red' } : {})}>
            {whole(found.figures[name])}
          </Text>
          <Text size="sm" c="dimmed">
            {t(`import.figure.${name}`)}
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  );
}
