/** Customers to look at a card with, and the placeholders that texts may hold. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';

import type { Design } from './model/design';
import { type FactKind, type Facts, factsFor } from './model/facts';

export type Sample = Schemas['SampleOut'];

export function usePlaceholders() {
  const { i18n } = useTranslation();
  return useQuery({
    queryKey: ['templates', 'placeholders', i18n.language],
    queryFn: async () => data(await api.GET('/api/v1/templates/placeholders')),
    staleTime: Infinity,
  });
}

export function useSamples() {
  const { i18n } = useTranslation();
  return useQuery({
    queryKey: ['templates', 'samples', i18n.language],
    queryFn: async () => data(await api.GET('/api/v1/templates/samples')),
    staleTime: Infinity,
  });
}

/** The facts of one sample customer for a design; nothing until both lists are there. */
export function useFacts(design: Design, sampleKey: string): Facts | null {
  const placeholders = usePlaceholders().data;
  const samples = useSamples().data;
  const { organization_name, title } = design;
  const goal = design.stamps?.goal;
  return useMemo(() => {
    const sample = samples?.find(({ key }) => key === sampleKey) ?? samples?.[0];
    if (!sample || !placeholders) return null;
    const kinds = new Map<string, FactKind>(placeholders.map(({ name, kind }) => [name, kind]));
    return factsFor(sample.facts, kinds, { organization_name, title, stamps: goal === undefined ? null : { goal } });
  }, [samples, placeholders, sampleKey, organization_name, title, goal]);
}
