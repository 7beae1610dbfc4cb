/** What the pages of distribution ask of the server. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { type Schemas, api, data } from '@/lib/api';
import { useList } from '@/lib/paging';

export type JoinLink = Schemas['JoinLinkOut'];
export type Figures = Schemas['LinkFigures'];
export const LINKS = ['links'] as const;

export interface Period {
  readonly from: string;
  readonly to: string;
}

export interface Wanted {
  readonly program: string | null;
  readonly location: string | null;
  readonly archived: boolean;
}

export const usePrograms = () =>
  useQuery({ queryKey: ['programs', 'all'], queryFn: async () => data(await api.GET('/api/v1/programs', { params: { query: { limit: 200 } } })).items });

type Program = Schemas['ProgramOut'];

/** Programmes that may still be joined; those that can be joined now come first. */
export const stillOpen = (programs: readonly Program[]): Program[] =>
  programs.filter(({ state }) => state !== 'ended').toSorted((one, other) => Number(other.state === 'active') - Number(one.state === 'active'));

export const useLocations = () =>
  useQuery({ queryKey: ['locations', 'list'], queryFn: async () => data(await api.GET('/api/v1/locations', { params: { query: { limit: 200 } } })).items });

export const useLinks = ({ program, location, archived }: Wanted) =>
  useList([...LINKS, 'list', program, location, archived], async (query) =>
    data(
      await api.GET('/api/v1/links', {
        params: { query: { ...query, archived, ...(program ? { program_id: program } : {}), ...(location ? { location_id: location } : {}) } },
      }),
    ),
  );

export const useLink = (id: string) =>
  useQuery({ queryKey: [...LINKS, 'one', id], queryFn: async () => data(await api.GET('/api/v1/links/{link_id}', { params: { path: { link_id: id } } })) });

const MOST_AT_ONCE = 200;

/** Figures of links by their ids. */
export const useFigures = (ids: readonly string[], period: Period) =>
  useQuery({
    queryKey: [...LINKS, 'figures', ids, period],
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const found = new Map<string, Figures>();
      for (let first = 0; first < ids.length; first += MOST_AT_ONCE) {
        const asked = ids.slice(first, first + MOST_AT_ONCE);
        const { items } = data(await api.GET('/api/v1/link-figures', { params: { query: { link_id: asked, ...period } } }));
        items.forEach((item) => found.set(item.link_id, item));
      }
      return found;
    },
  });

/** An address as people read it. */
export const shortAddress = (url: string): string => url.replace(/^https?:\/\//, '');
