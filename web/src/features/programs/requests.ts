/** What the pages of programmes ask of the server. */
import { useQuery } from '@tanstack/react-query';

import { type Schemas, api, data } from '@/lib/api';
import { useSaving } from '@/lib/saving';

export type Program = Schemas['ProgramOut'];
export type Settings = Schemas['ProgramSettings'];

const at = (program_id: string) => ({ params: { path: { program_id } } });

export const fetchProgram = async (id: string): Promise<Program> => data(await api.GET('/api/v1/programs/{program_id}', at(id)));

export const useProgram = (id: string) => useQuery({ queryKey: ['program', id], queryFn: () => fetchProgram(id) });

/** Everything that shows a programme. */
export const showing = (id: string): readonly (readonly unknown[])[] => [['program', id], ['programs']];

/** Changes a programme as it is now: `change` is told what stands there at this moment, not what was opened. */
export function useProgramChange(id: string, onSaved?: (program: Program) => void) {
  return useSaving({
    save: async (change: (now: Program) => Schemas['ProgramChange']) => {
      const now = await fetchProgram(id);
      return data(await api.PATCH('/api/v1/programs/{program_id}', { ...at(id), body: change(now) }));
    },
    refresh: [...showing(id), ['rewards']],
    ...(onSaved ? { onSaved } : {}),
  });
}

export const dryRunProgram = async (id: string, goal: number | null): Promise<Schemas['ProgramDryRunOut']> =>
  data(await api.POST('/api/v1/programs/{program_id}/dry-run', { ...at(id), body: { goal } }));
