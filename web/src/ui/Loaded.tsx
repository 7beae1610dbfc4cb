import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { Fault } from './Fault';
import { PageSkeleton } from './Page';

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  readonly children: (value: T) => ReactNode;
  readonly skeleton?: ReactNode;
}

/** What a query brought; its skeleton until then, its fault with a retry if it failed. */
export function Loaded<T>({ query, children, skeleton }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <Fault fault={query.error} retry={() => void query.refetch()} />;
  return <>{skeleton ?? <PageSkeleton />}</>;
}
