/** Lists that come page by page. */
import { useInfiniteQuery } from '@tanstack/react-query';

interface PageOf<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
}

/** All pages that were asked for so far, as one list. */
export function usePages<T>(queryKey: readonly unknown[], load: (cursor: string | undefined) => Promise<PageOf<T>>) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    select: (found) => found.pages.flatMap((page) => page.items),
  });
}
