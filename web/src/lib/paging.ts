/** Lists that come in pages: “next” of a page is the cursor of the following one. */
import { useInfiniteQuery } from '@tanstack/react-query';

interface PageOf<T> {
  readonly items: T[];
  readonly next?: string | null;
}

/** A list and how to get more of it; `fetchPage` takes the query of a page. */
export function useList<T>(
  queryKey: readonly unknown[],
  fetchPage: (query: { limit: number; cursor?: string }) => Promise<PageOf<T>>,
  { limit = 25, enabled = true } = {},
) {
  const query = useInfiniteQuery({
    queryKey,
    enabled,
    initialPageParam: '',
    queryFn: ({ pageParam }) => fetchPage({ limit, ...(pageParam ? { cursor: pageParam } : {}) }),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) };
}

export type ListQuery<T> = ReturnType<typeof useList<T>>;
