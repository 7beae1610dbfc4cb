/** What the pages of check-ins ask of the server. */
import { useQuery } from '@tanstack/react-query';

import { type Schemas, api, data } from '@/lib/api';

export type Place = Schemas['CheckInPlaceOut'];
export type CheckIn = Schemas['CheckInOut'];
export type Present = Schemas['PresentOut'];

export const CHECK_INS = ['check-ins'] as const;

/** Locations that take check-ins in one way or the other. */
export const usePlaces = () =>
  useQuery({ queryKey: [...CHECK_INS, 'places'], queryFn: async () => data(await api.GET('/api/v1/check-in-places')).items });

/** All locations, whether or not they take check-ins. */
export const useLocations = () =>
  useQuery({ queryKey: ['locations', 'all'], queryFn: async () => data(await api.GET('/api/v1/locations', { params: { query: { limit: 200 } } })).items });

export const usePlace = (locationId: string) =>
  useQuery({
    queryKey: [...CHECK_INS, 'places', locationId],
    queryFn: async () => data(await api.GET('/api/v1/locations/{location_id}/check-in', { params: { path: { location_id: locationId } } })),
  });

/** Programs whose members a location may be for. */
export const usePrograms = (enabled: boolean) =>
  useQuery({
    queryKey: ['programs', 'all'],
    queryFn: async () => data(await api.GET('/api/v1/programs', { params: { query: { limit: 200 } } })).items,
    enabled,
  });

/** “1 h 05” and “12 min” in the reader's language. */
export function lasted(minutes: number, language: string): string {
  const unit = (value: number, name: 'hour' | 'minute') =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [...(hours > 0 ? [unit(hours, 'hour')] : []), ...(rest > 0 || hours === 0 ? [unit(rest, 'minute')] : [])].join(' ');
}
