/** What the designer asks of the server. */
import { type QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';

import { type Schemas, api, data } from '@/lib/api';

import { type Design, contentOf } from './model/design';

export type Template = Schemas['TemplateOut'];
export type Version = Schemas['VersionOut'];
export type Rollout = Schemas['RolloutOut'];

const at = (template_id: string, version: number) => ({ params: { path: { template_id, version } } });

export const templateQuery = (id: string) => ({
  queryKey: ['template', id],
  queryFn: async () => data(await api.GET('/api/v1/templates/{template_id}', { params: { path: { template_id: id } } })),
});

export const versionQuery = (id: string, version: number) => ({
  queryKey: ['template', id, 'version', version],
  queryFn: async () => data(await api.GET('/api/v1/templates/{template_id}/versions/{version}', at(id, version))),
  staleTime: 5 * 60_000,
});

export const usePrograms = () =>
  useQuery({ queryKey: ['programs'], queryFn: async () => data(await api.GET('/api/v1/programs', { params: { query: { limit: 100 } } })) });

export const useVersions = (id: string) =>
  useInfiniteQuery({
    queryKey: ['template', id, 'versions'],
    initialPageParam: undefined as number | undefined,
    queryFn: async ({ pageParam }) =>
      data(
        await api.GET('/api/v1/templates/{template_id}/versions', {
          params: { path: { template_id: id }, query: { limit: 20, ...(pageParam === undefined ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: ({ next }) => (next ? Number(next) : undefined),
  });

export const rolloutQuery = (id: string) => ({
  queryKey: ['template', id, 'rollout'],
  queryFn: async () => data(await api.GET('/api/v1/templates/{template_id}/rollout', { params: { path: { template_id: id } } })),
});

/** Keeps a new version; refused when somebody saved another one since `base`. */
export const saveVersion = async (id: string, design: Design, base: number, publish: boolean): Promise<Version> =>
  data(
    await api.POST('/api/v1/templates/{template_id}/versions', {
      params: { path: { template_id: id } },
      body: { content: contentOf(design), base_version: base, publish },
    }),
  );

export const publishVersion = async (id: string, version: number): Promise<Template> =>
  data(await api.POST('/api/v1/templates/{template_id}/versions/{version}/publish', at(id, version)));

export const makeTrialCard = async (id: string, version: number): Promise<Schemas['TrialCardOut']> =>
  data(await api.POST('/api/v1/templates/{template_id}/versions/{version}/trial-card', at(id, version)));

/** After a version was kept or published: whoever shows the template or its versions asks again. */
export async function refreshTemplate(client: QueryClient, id: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['template', id], predicate: ({ queryKey }) => queryKey[2] !== 'version' }),
    client.invalidateQueries({ queryKey: ['templates', 'list'] }),
  ]);
}
