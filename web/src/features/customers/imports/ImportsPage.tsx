import '@mantine/dropzone/styles.css';

import { Anchor, Badge, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useQuery } from '@tanstack/react-query';
import { IconArrowLeft, IconFileUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { api, data } from '@/lib/api';
import { instant, whole } from '@/lib/format';
import { useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';

import { useActorName, useWrite } from '../api';
import { upload } from './imports';

/** Where a file of customers is handed in, and what became of earlier ones. */
export function ImportsPage() {
  const { t } = useTranslation('customers');
  const navigate = useNavigate();
  const send = useWrite(upload, (made) => void navigate(made.id));
  return (
    <Stack gap="xs">
      <Anchor component={Link} to=".." relative="path" size="sm">
        <IconArrowLeft size={14} aria-hidden className="mantine-rotate-rtl" /> {t('title')}
      </Anchor>
      <Page title={t('import.title')} lead={t('import.lead')}>
        {send.isError && <Fault fault={send.error} />}
        <Dropzone
          multiple={false}
          disabled={send.isPending}
          onDrop={(files) => files[0] && send.mutate(files[0])}
          inputProps={{ 'aria-label': t('import.choose') }}
          aria-label={t('import.choose')}
          py="xl"
        >
          <Stack align="center" gap="xs" style={{ pointerEvents: 'none' }}>
            <IconFileUpload size={44} stroke={1.4} aria-hidden />
            <Text fw={600} ta="center">{send.isPending ? t('import.sending') : t('import.choose')}</Text>
            <Text size="sm" c="dimmed" ta="center">
              {t('import.limits')}
            </Text>
          </Stack>
        </Dropzone>
        {send.isPending && <Progress value={100} animated aria-label={t('import.sending')} />}
        <Earlier />
      </Page>
    </Stack>
  );
}

function Earlier() {
  const { t } = useTranslation('customers');
  const { data: me } = useMe();
  const actorName = useActorName();
  const imports = useQuery({
    queryKey: ['customers', 'imports'],
    queryFn: async () => data(await api.GET('/api/v1/customer-imports')),
  });
  return (
    <Loaded query={imports}>
      {({ items }) =>
        items.length === 0 ? null : (
          <Stack gap="xs">
            <Title order={2} size="h4">
              {t('import.earlier')}
            </Title>
            {items.map((one) => (
              <Group key={one.id} gap="md">
                <Anchor component={Link} to={one.id}>
                  {instant(one.created_at, me?.organization.time_zone)}
                </Anchor>
                <Text size="sm">{t('import.rows', { count: one.rows, number: whole(one.rows) })}</Text>
                <Text size="sm">{actorName(one.actor)}</Text>
                <Badge variant="light" tt="none" color={one.state === 'done' ? 'teal' : one.state === 'failed' ? 'red' : 'gray'}>
                  {t(`import.state.${one.state}`)}
                </Badge>
                {one.figures.faulty > 0 && (
                  <Text size="sm" c="dimmed">
                    {t('import.faulty', { count: one.figures.faulty, number: whole(one.figures.faulty) })}
                  </Text>
                )}
              </Group>
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}
