import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { ListQuery } from '@/lib/paging';

import { Fault } from './Fault';
import { PageSkeleton } from './Page';

interface ListedProps<T> {
  readonly list: ListQuery<T>;
  readonly empty: ReactNode;
  readonly children: (items: T[]) => ReactNode;
  readonly skeleton?: ReactNode;
}

/** A list that comes in pages: skeleton, fault with a retry, a word when it is empty, and more of it on demand. */
export function Listed<T>({ list, empty, children, skeleton }: ListedProps<T>) {
  const { t } = useTranslation();
  if (list.isError) return <Fault fault={list.error} retry={() => void list.refetch()} />;
  if (list.items === undefined) return <>{skeleton ?? <PageSkeleton />}</>;
  if (list.items.length === 0) return <>{empty}</>;
  return (
    <>
      {children(list.items)}
      {list.hasNextPage && (
        <Button variant="subtle" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </>
  );
}
