/** Writes that tell when they are done and refresh what shows them. */
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

interface Saving<V, R> {
  readonly save: (value: V) => Promise<R>;
  /** Query keys, or their beginnings, of what shows what was saved. */
  readonly refresh: readonly (readonly unknown[])[];
  readonly onSaved?: (result: R, value: V) => void;
  /** What is told; `null` tells nothing. */
  readonly told?: string | null;
}

export function useSaving<V = void, R = unknown>({ save, refresh, onSaved, told }: Saving<V, R>) {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: save,
    onSuccess: async (result, value) => {
      await Promise.all(refresh.map((queryKey) => client.invalidateQueries({ queryKey })));
      if (told !== null) notifications.show({ message: told ?? t('saved'), color: 'teal' });
      onSaved?.(result, value);
    },
  });
}
