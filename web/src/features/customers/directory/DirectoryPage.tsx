import { Button, Group, Loader, Skeleton, Stack, Text } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconFileImport, IconMessageStar, IconReceipt, IconUserPlus, IconUsers, IconUserSearch } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { whole } from '@/lib/format';
import { useMay } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { MorePages } from '@/ui/MorePages';
import { Page } from '@/ui/Page';

import { type Filter, useDirectory } from '../api';
import { ColumnsMenu } from './ColumnsMenu';
import { DirectoryTable } from './DirectoryTable';
import { ExportButton } from './ExportButton';
import { FilterBar } from './FilterBar';
import { filterOf, useFilters } from './filters';
import { NewCustomer } from './NewCustomer';

interface DirectoryPageProps {
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** Who the customers are. */
export function DirectoryPage({ text, onText }: DirectoryPageProps) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const filters = useFilters();
  const [settled] = useDebouncedValue(text, 300);
  const filter = useMemo(() => filterOf(settled, filters.chosen, new Date()), [settled, filters.chosen]);
  const [adding, { open, close }] = useDisclosure();
  const actions = (
    <>
      <Button component={Link} to="receipts" variant="default" leftSection={<IconReceipt size={18} aria-hidden />}>
        {t('receipts.title')}
      </Button>
      <Button component={Link} to="feedback" variant="default" leftSection={<IconMessageStar size={18} aria-hidden />}>
        {t('feedback.title')}
      </Button>
      {may('customers:export') && <ExportButton filter={filter} />}
      {may('customers:write') && (
        <>
          <Button component={Link} to="imports" variant="default" leftSection={<IconFileImport size={18} aria-hidden />}>
            {t('import.title')}
          </Button>
          <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={open}>
            {t('add.title')}
          </Button>
        </>
      )}
    </>
  );
  return (
    <Page title={t('title')} actions={actions}>
      <FilterBar text={text} onText={onText} filters={filters} />
      <Found filter={filter} isFiltered={settled.trim() !== '' || filters.count > 0} onAdd={open} />
      <NewCustomer opened={adding} onClose={close} />
    </Page>
  );
}

interface FoundProps {
  readonly filter: Filter;
  readonly isFiltered: boolean;
  readonly onAdd: () => void;
}

function Found({ filter, isFiltered, onAdd }: FoundProps) {
  const { t } = useTranslation('customers');
  const found = useDirectory(filter);
  if (found.isError) return <Fault fault={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const entries = found.data.pages.flatMap((page) => page.items);
  if (entries.length === 0 && !found.hasNextPage) return <Nobody isFiltered={isFiltered} onAdd={onAdd} />;
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" c="dimmed" aria-live="polite">
          {t(found.hasNextPage ? 'shownSome' : 'shown', { count: entries.length, number: whole(entries.length) })}
        </Text>
        <Group gap="xs">
          {found.isFetching && <Loader size="xs" aria-hidden />}
          <ColumnsMenu />
        </Group>
      </Group>
      <DirectoryTable entries={entries} />
      <MorePages query={found} />
    </Stack>
  );
}

function Nobody({ isFiltered, onAdd }: { readonly isFiltered: boolean; readonly onAdd: () => void }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  if (isFiltered) return <Empty icon={IconUserSearch} title={t('none.found')} hint={t('none.foundHint')} />;
  const action = may('customers:write') && (
    <Group justify="center">
      <Button onClick={onAdd}>{t('add.title')}</Button>
      <Button component={Link} to="imports" variant="light">
        {t('import.title')}
      </Button>
    </Group>
  );
  return <Empty icon={IconUsers} title={t('none.title')} hint={t('none.hint')} action={action} />;
}

function Waiting() {
  return (
    <Stack gap="xs" aria-busy="true">
      {Array.from({ length: 8 }, (_, position) => (
        <Skeleton key={position} h={44} />
      ))}
    </Stack>
  );
}
