import { Card, Group, SimpleGrid, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconRosetteDiscount } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { Empty } from '@/ui/Empty';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';

/** What runs here. */
export function HomePage() {
  const { t } = useTranslation('home');
  const programs = useQuery({ queryKey: ['programs'], queryFn: async () => data(await api.GET('/api/v1/programs')) });
  return (
    <Page title={t('title')}>
      <Loaded query={programs}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={IconRosetteDiscount} title={t('none')} hint={t('noneHint')} />
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {items.map((program) => (
                <Card key={program.id} withBorder>
                  <Group justify="space-between">
                    <Title order={2} size="h4">
                      {program.name}
                    </Title>
                    <Text c="dimmed">{t(`state.${program.state}`)}</Text>
                  </Group>
                </Card>
              ))}
            </SimpleGrid>
          )
        }
      </Loaded>
    </Page>
  );
}
