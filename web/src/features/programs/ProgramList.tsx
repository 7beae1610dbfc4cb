import { Badge, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconCoins, IconIdBadge2, IconPlus, IconReceiptRefund, IconRosetteDiscount, IconTicket, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data } from '@/lib/api';
import { useList } from '@/lib/paging';
import { useMay } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Page } from '@/ui/Page';
import { ruleSentence } from '@/ui/earning/sentence';
import { useWords } from '@/ui/earning/words';

import type { Program } from './requests';

export const STATE_COLOURS: Readonly<Record<Program['state'], string>> = { draft: 'gray', active: 'teal', paused: 'orange', ended: 'red' };
export const KIND_ICONS: Readonly<Record<Program['kind'], Icon>> = {
  stamps: IconRosetteDiscount,
  points: IconCoins,
  cashback: IconReceiptRefund,
  multipass: IconTicket,
  membership: IconIdBadge2,
};

/** All programmes, newest first. */
export function ProgramList() {
  const { t } = useTranslation('programs');
  const may = useMay();
  const list = useList(['programs', 'list'], async (query) => data(await api.GET('/api/v1/programs', { params: { query } })));
  const open = may('programs:write') && (
    <Button component={Link} to="/programs/new" leftSection={<IconPlus size={18} aria-hidden />}>
      {t('open.action')}
    </Button>
  );
  return (
    <Page title={t('title')} lead={t('lead')} actions={open}>
      <Listed list={list} empty={<Empty icon={IconRosetteDiscount} title={t('none')} hint={t('noneHint')} action={open} />}>
        {(programs) => (
          <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }}>
            {programs.map((program) => (
              <ProgramCard key={program.id} program={program} />
            ))}
          </SimpleGrid>
        )}
      </Listed>
    </Page>
  );
}

function ProgramCard({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const words = useWords(program, program.rules.some(({ conditions }) => conditions?.tiers));
  const Symbol = KIND_ICONS[program.kind];
  const first = program.rules.find((rule) => rule.active !== false);
  return (
    <Card component={Link} to={`/programs/${program.id}`} withBorder>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Group gap="xs" wrap="nowrap">
            <Symbol size={22} stroke={1.6} aria-hidden style={{ flex: 'none' }} />
            <Title order={2} size="h5" lineClamp={1} dir="auto">{program.name}</Title>
          </Group>
          <Badge color={STATE_COLOURS[program.state]} variant="light" tt="none" style={{ flex: 'none' }}>{t(`state.${program.state}`)}</Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {t(`kind.${program.kind}`)}
          {program.goal !== null && ` · ${t('goalOf', { goal: program.goal })}`}
        </Text>
        {first && <Text size="sm">{ruleSentence(first, words)}</Text>}
        {program.rules.length > 1 && <Text size="sm" c="dimmed">{t('moreRules', { count: program.rules.length - 1 })}</Text>}
      </Stack>
    </Card>
  );
}
