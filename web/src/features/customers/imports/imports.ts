/** Imports of the API, read again and again while a job works on one. */
import { useQuery } from '@tanstack/react-query';

import { api, data, type Schemas } from '@/lib/api';

export type Import = Schemas['CustomerImportOut'];
export type Plan = Schemas['ImportPlan'];
export type FieldName = Schemas['MappedColumn']['field'];

const POLL_MS = 800;
export const isWorking = (state: Import['state']) => state === 'checking' || state === 'running';

export const useImport = (id: string) =>
  useQuery({
    queryKey: ['customers', 'imports', id],
    queryFn: async () => data(await api.GET('/api/v1/customer-imports/{import_id}', { params: { path: { import_id: id } } })),
    refetchInterval: (query) => (query.state.data && isWorking(query.state.data.state) ? POLL_MS : false),
  });

/** A file goes out as it is, so that it never stands in memory as a text. */
export const upload = async (file: File): Promise<Import> =>
  data(
    await api.POST('/api/v1/customer-imports', {
      body: file as unknown as string,
      bodySerializer: (body) => body,
      headers: { 'Content-Type': 'text/csv' },
    }),
  );
