import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, data, type Schemas } from '@/lib/api';
import { tell } from '@/lib/notify';
import { ME } from '@/lib/session';

export type Organization = Schemas['OrganizationOut'];

export interface SettingsProps {
  readonly organization: Organization;
  readonly mayChange: boolean;
}

/** Change the organization and say so. */
export function useChangeOrganization(said: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Schemas['OrganizationChange']) => data(await api.PATCH('/api/v1/organization', { body })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ME });
      tell(said);
    },
  });
}
