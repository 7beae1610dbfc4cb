import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { useMay, useMe } from '@/lib/session';
import { type Words, useLocations, useTierSets } from '@/ui/earning/words';

/** Programmes that a campaign may belong to. */
export const usePrograms = () =>
  useQuery({
    queryKey: ['programs', 'all'],
    enabled: useMay()('programs:read'),
    queryFn: async () => data(await api.GET('/api/v1/programs', { params: { query: { limit: 200 } } })).items,
  });

/** The words for a campaign's sentence: of its programme, or of the organization; tiers only where they are asked for. */
export function useCouponWords(programId: string | null, withTiers = false): Words {
  const { t, i18n } = useTranslation('earning');
  const { data: me } = useMe();
  const { data: locations } = useLocations();
  const { data: sets } = useTierSets(programId ?? '', useMay()('programs:read') && withTiers && programId !== null);
  const program = usePrograms().data?.find(({ id }) => id === programId);
  return {
    t,
    language: i18n.language,
    currency: program?.currency ?? me?.organization.currency ?? 'EUR',
    timeZone: program?.time_zone ?? me?.organization.time_zone ?? 'UTC',
    units: program?.units ?? [],
    locations: new Map(locations?.map(({ id, name }) => [id, name])),
    tiers: new Map(sets?.flatMap((set) => set.tiers.map(({ id, name }) => [id, name] as const))),
  };
}
