import { Badge, Button, Card, Group, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconId, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data } from '@/lib/api';
import { day } from '@/lib/format';
import { useMay, useMe } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Page, PageSkeleton } from '@/ui/Page';

import styles from '../editing/designer.module.css';
import { type Template, usePrograms } from '../requests';

import { CreateDesign } from './CreateDesign';
import { Thumbnail } from './Thumbnail';

const AT_ONCE = 24;

/** All card designs, with the programmes that use them. */
export function DesignList() {
  const { t } = useTranslation('designer');
  const may = useMay();
  const [isCreating, { open, close }] = useDisclosure();
  const designs = useInfiniteQuery({
    queryKey: ['templates', 'list'],
    initialPageParam: '',
    queryFn: async ({ pageParam }) => data(await api.GET('/api/v1/templates', { params: { query: { limit: AT_ONCE, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const items = designs.data?.pages.flatMap((page) => page.items) ?? [];
  const create = may('programs:write') && (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>{t('list.create')}</Button>
  );
  return (
    <Page title={t('list.title')} lead={t('list.lead')} actions={create}>
      {designs.isError && <Fault fault={designs.error} retry={() => void designs.refetch()} />}
      {designs.isPending && <PageSkeleton />}
      {designs.data && items.length === 0 && <Empty icon={IconId} title={t('list.none')} hint={t('list.noneHint')} action={create} />}
      <div className={styles.gallery}>
        {items.map((template) => (
          <DesignCard key={template.id} template={template} />
        ))}
      </div>
      {designs.hasNextPage && (
        <Button variant="subtle" loading={designs.isFetchingNextPage} onClick={() => void designs.fetchNextPage()}>{t('list.more')}</Button>
      )}
      <CreateDesign opened={isCreating} onClose={close} />
    </Page>
  );
}

function DesignCard({ template }: { readonly template: Template }) {
  const { t } = useTranslation('designer');
  const { data: me } = useMe();
  const programs = usePrograms().data?.items.filter(({ template_id }) => template_id === template.id) ?? [];
  const isDraft = template.published_version !== template.latest_version;
  return (
    <Card component={Link} to={template.id} withBorder padding="sm">
      <Card.Section className={styles.thumb}>
        <Thumbnail templateId={template.id} version={template.latest_version} />
      </Card.Section>
      <Group justify="space-between" mt="sm" gap={6} wrap="nowrap">
        <Title order={2} size="h5" lineClamp={1} dir="auto">{template.name}</Title>
        {isDraft && <Badge size="sm" variant="light" tt="none" style={{ flex: 'none' }}>{t('list.draft')}</Badge>}
      </Group>
      <Text size="sm" c="dimmed" lineClamp={1}>{t(`kind.${template.kind}`)} · {day(template.updated_at, me?.organization.time_zone)}</Text>
      <Text size="sm" c={programs.length > 0 ? 'inherit' : 'dimmed'} lineClamp={1} dir="auto">
        {programs.length > 0 ? programs.map(({ name }) => name).join(', ') : t('list.unused')}
      </Text>
    </Card>
  );
}
