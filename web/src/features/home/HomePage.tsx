import { useQuery } from '@tanstack/react-query';
import { IconRosetteDiscount } from '@tabler/icons-react';
import { Card, Group, SimpleGrid, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { useMay, useMe } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Loaded } from '@/ui/Loaded';
import { Page, PageSkeleton } from '@/ui/Page';

import { Dashboard } from './Dashboard';

/** The first page: figures for those who may see them, what runs here for everybody else. */
export function HomePage() {
  const { data: me } = useMe();
  const may = useMay();
  if (!me) return <PageSkeleton />;
  return may('reports:read') ? <Dashboard organization={me.organization} /> : <RunningPrograms />;
}

function RunningPrograms() {
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
