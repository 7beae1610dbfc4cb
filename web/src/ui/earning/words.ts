/** What sentences about earning are made with: the reader's language, and the names of what rules mention. */
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { useMay } from '@/lib/session';
import type { UnitWords } from '@/lib/units';

export interface Words {
  readonly t: TFunction;
  readonly language: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly units: readonly UnitWords[];
  readonly locations: ReadonlyMap<string, string>;
  readonly tiers: ReadonlyMap<string, string>;
}

type Program = Pick<Schemas['ProgramOut'], 'id' | 'currency' | 'time_zone' | 'units'>;

export const useLocations = () =>
  useQuery({
    queryKey: ['locations', 'all'],
    enabled: useMay()('organization:read'),
    staleTime: 60_000,
    queryFn: async () => data(await api.GET('/api/v1/locations', { params: { query: { limit: 200 } } })).items,
  });

export const useTierSets = (programId: string, enabled = true) =>
  useQuery({
    queryKey: ['tier-sets', programId],
    enabled,
    queryFn: async () => data(await api.GET('/api/v1/tier-sets', { params: { query: { program_id: programId } } })).items,
  });

/** The names of a programme's promotions by their ids. */
export function usePromotionNames(programId: string): ReadonlyMap<string, string> {
  const { data: promotions } = useQuery({
    queryKey: ['promotions', programId, 'names'],
    queryFn: async () => data(await api.GET('/api/v1/promotions', { params: { query: { program_id: programId, limit: 200 } } })).items,
  });
  return useMemo(() => new Map(promotions?.map(({ id, name }) => [id, name])), [promotions]);
}

/** The words of a program; names that are not there yet come as soon as they are. */
export function useWords(program: Program, withTiers = true): Words {
  const { t, i18n } = useTranslation('earning');
  const { data: locations } = useLocations();
  const { data: sets } = useTierSets(program.id, withTiers);
  return useMemo(
    () => ({
      t,
      language: i18n.language,
      currency: program.currency,
      timeZone: program.time_zone,
      units: program.units,
      locations: new Map(locations?.map(({ id, name }) => [id, name])),
      tiers: new Map(sets?.flatMap((set) => set.tiers.map(({ id, name }) => [id, name] as const))),
    }),
    [t, i18n.language, program, locations, sets],
  );
}
