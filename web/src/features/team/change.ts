import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, data, type Schemas } from '@/lib/api';
import { tell } from '@/lib/notify';

import { OPERATORS, type Operator } from './Operators';

/** Change an operator, say so, and show the list anew. */
export function useChangeOperator(person: Operator, said: string, onClose: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Schemas['OperatorChange']) =>
      data(await api.PATCH('/api/v1/operators/{operator_id}', { params: { path: { operator_id: person.id } }, body })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: OPERATORS });
      tell(said);
      onClose();
    },
  });
}
