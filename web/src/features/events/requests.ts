/** What the pages of events ask of the server. */
import { useQuery } from '@tanstack/react-query';

import { api, data } from '@/lib/api';

export const EVENTS = ['ticketed-events'] as const;

export const useEvent = (id: string) =>
  useQuery({ queryKey: [...EVENTS, id], queryFn: async () => data(await api.GET('/api/v1/ticketed-events/{event_id}', { params: { path: { event_id: id } } })) });

export const useFunnel = (id: string) =>
  useQuery({ queryKey: [...EVENTS, id, 'funnel'], queryFn: async () => data(await api.GET('/api/v1/ticketed-events/{event_id}/funnel', { params: { path: { event_id: id } } })) });

export const useLocations = () =>
  useQuery({ queryKey: ['locations', 'all'], queryFn: async () => data(await api.GET('/api/v1/locations', { params: { query: { limit: 200 } } })).items });
