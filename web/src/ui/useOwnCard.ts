/** A card of one's own, to have a programme on one's phone before the first customer comes. */
import { useQuery } from '@tanstack/react-query';

import { api, data } from '@/lib/api';

const LOOK_MS = 1_500;

/** Makes it when it is first shown; the link stays the same while the page does. */
export function useOwnCard(programId: string | null) {
  return useQuery({
    queryKey: ['own-card', programId],
    enabled: programId !== null,
    staleTime: Infinity,
    retry: false,
    refetchOnWindowFocus: false,
    queryFn: async () => data(await api.POST('/api/v1/programs/{program_id}/own-card', { params: { path: { program_id: programId ?? '' } } })),
  });
}

/** The wallets that hold a card, looked at again and again. */
export function useInstallations(passId: string | undefined) {
  return useQuery({
    queryKey: ['passes', passId, 'installations'],
    enabled: passId !== undefined,
    refetchInterval: LOOK_MS,
    queryFn: async () => data(await api.GET('/api/v1/passes/{pass_id}', { params: { path: { pass_id: passId ?? '' } } })).installations.filter(({ removed_at }) => removed_at === null),
  });
}

/** A picture that the server drew as SVG. */
export const svgAddress = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`;
