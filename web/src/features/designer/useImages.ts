/** The pictures of a design: their addresses, and how a new one is uploaded. */
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';

import { api, data } from '@/lib/api';

import type { Design } from './model/design';

export const IMAGE_KEY = 'image';

/** Addresses by place; pictures never change, so each is asked for once. */
export function useImages(images: Design['images']): Readonly<Record<string, string>> {
  const places = Object.entries(images).filter((pair): pair is [string, string] => pair[1] !== null);
  const found = useQueries({
    queries: places.map(([, id]) => ({
      queryKey: [IMAGE_KEY, id],
      queryFn: async () => data(await api.GET('/api/v1/images/{image_id}', { params: { path: { image_id: id } } })),
      staleTime: Infinity,
    })),
    combine: (queries) => queries.map((query) => query.data?.url),
  });
  const key = JSON.stringify([places, found]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says whether anything changed; the arrays are new each time
  return useMemo(() => Object.fromEntries(places.flatMap(([place], index) => (found[index] === undefined ? [] : [[place, found[index]]]))), [key]);
}
