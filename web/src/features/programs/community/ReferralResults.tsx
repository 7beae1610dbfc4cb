import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { whole } from '@/lib/format';
import { useMay } from '@/lib/session';
import { Loaded } from '@/ui/Loaded';

const STEPS = ['invited', 'joined', 'qualified', 'rewarded', 'refused'] as const;

/** How many friends got how far. */
export function ReferralResults({ programId }: { readonly programId: string }) {
  const { t } = useTranslation('programs');
  const maySee = useMay()('ledger:read');
  const figures = useQuery({
    queryKey: ['program', programId, 'referrals'],
    enabled: maySee,
    queryFn: async () => data(await api.GET('/api/v1/programs/{program_id}/referrals/figures', { params: { path: { program_id: programId } } })),
  });
  if (!maySee) return null;
  return (
    <Loaded query={figures}>
      {(told) => (
        <Group gap="lg">
          {STEPS.map((step) => (
            <div key={step}>
              <Text fw={700}>{whole(told[step])}</Text>
              <Text size="sm" c="dimmed">{t(`community.steps.${step}`)}</Text>
            </div>
          ))}
        </Group>
      )}
    </Loaded>
  );
}
