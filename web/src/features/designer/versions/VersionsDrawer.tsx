import { Badge, Button, Drawer, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { instant } from '@/lib/format';
import { useMay, useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { PageSkeleton } from '@/ui/Page';

import { type Design, designOf } from '../model/design';
import { differences } from '../model/difference';
import { useVersions, versionQuery } from '../requests';
import { Differences } from './Differences';

interface VersionsDrawerProps {
  readonly templateId: string;
  readonly design: Design;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Puts a version's content into the editor; published at once when asked. */
  readonly onBringBack: (design: Design, version: number, publish: boolean) => void;
}

/** Every version that was kept, what differs from the present work, and the way back. */
export function VersionsDrawer({ templateId, design, opened, onClose, onBringBack }: VersionsDrawerProps) {
  const { t } = useTranslation('designer');
  const [chosen, setChosen] = useState<number | null>(null);
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title={t('versions.title')}>
      {chosen === null ? (
        <VersionList templateId={templateId} onChoose={setChosen} />
      ) : (
        <ChosenVersion templateId={templateId} version={chosen} design={design} onBack={() => setChosen(null)} onBringBack={onBringBack} />
      )}
    </Drawer>
  );
}

function VersionList({ templateId, onChoose }: { readonly templateId: string; readonly onChoose: (version: number) => void }) {
  const { t } = useTranslation('designer');
  const { data: me } = useMe();
  const versions = useVersions(templateId);
  if (versions.isError) return <Fault fault={versions.error} retry={() => void versions.refetch()} />;
  if (!versions.data) return <PageSkeleton />;
  return (
    <Stack gap={4}>
      {versions.data.pages
        .flatMap(({ items }) => items)
        .map(({ version, created_at, published }) => (
          <UnstyledButton key={version} p="sm" onClick={() => onChoose(version)} style={{ borderRadius: 'var(--mantine-radius-md)', border: '1px solid var(--mantine-color-default-border)' }}>
            <Group justify="space-between">
              <Text fw={600}>{t('versions.number', { version })}</Text>
              {published && <Badge variant="light" tt="none">{t('versions.published')}</Badge>}
            </Group>
            <Text size="sm" c="dimmed">{instant(created_at, me?.organization.time_zone)}</Text>
          </UnstyledButton>
        ))}
      {versions.hasNextPage && (
        <Button variant="subtle" loading={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
          {t('versions.more')}
        </Button>
      )}
    </Stack>
  );
}

interface ChosenVersionProps extends Pick<VersionsDrawerProps, 'templateId' | 'design' | 'onBringBack'> {
  readonly version: number;
  readonly onBack: () => void;
}

function ChosenVersion({ templateId, version, design, onBack, onBringBack }: ChosenVersionProps) {
  const { t } = useTranslation('designer');
  const may = useMay();
  const query = useQuery(versionQuery(templateId, version));
  return (
    <Stack>
      <Group justify="space-between">
        <Text fw={600}>{t('versions.difference', { version })}</Text>
        <Button size="compact-sm" variant="subtle" onClick={onBack}>{t('versions.all')}</Button>
      </Group>
      <Loaded query={query}>
        {({ content }) => {
          const then = designOf(content);
          const found = differences(design, then);
          return (
            <>
              <Differences differences={found} />
              {may('programs:write') && found.length > 0 && (
                <Group>
                  <Button onClick={() => onBringBack(then, version, true)}>{t('versions.rollBack')}</Button>
                  <Button variant="default" onClick={() => onBringBack(then, version, false)}>{t('versions.bringBack')}</Button>
                </Group>
              )}
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}
