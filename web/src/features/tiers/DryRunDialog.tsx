import { Alert, Badge, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { whole } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Loaded } from '@/ui/Loaded';
import { Rows } from '@/ui/Rows';

interface DryRunDialogProps {
  readonly id: string;
  readonly body: Schemas['TierSetIn'];
  readonly pending: boolean;
  readonly fault: unknown;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

/** Who would go up or down, before it is saved. */
export function DryRunDialog({ id, body, pending, fault, onClose, onConfirm }: DryRunDialogProps) {
  const { t } = useTranslation('tiers');
  const run = useQuery({
    queryKey: ['tier-dry-run', id, body],
    staleTime: 0,
    retry: false,
    queryFn: async () => data(await api.POST('/api/v1/tier-sets/{tier_set_id}/dry-run', { params: { path: { tier_set_id: id } }, body })),
  });
  return (
    <ConfirmDialog opened title={t('dryRun.title')} action={t('dryRun.save')} danger={(run.data?.down ?? 0) > 0} disabled={!run.data} pending={pending} fault={fault} onClose={onClose} onConfirm={onConfirm}>
      <Loaded query={run}>{(told) => <Outcome told={told} />}</Loaded>
    </ConfirmDialog>
  );
}

function Outcome({ told }: { readonly told: Schemas['DryRunOut'] }) {
  const { t } = useTranslation('tiers');
  const isCalm = told.up + told.down + told.grace === 0;
  return (
    <Stack>
      {told.down > 0 && <Alert color="orange" icon={<IconAlertTriangle aria-hidden />}>{t('dryRun.down', { count: told.down })}</Alert>}
      <Group gap="xs">
        {told.up > 0 && <Badge color="teal" variant="light" tt="none" size="lg">{t('dryRun.up', { count: told.up })}</Badge>}
        {told.grace > 0 && <Badge color="yellow" variant="light" tt="none" size="lg">{t('dryRun.grace', { count: told.grace })}</Badge>}
        <Badge color="gray" variant="light" tt="none" size="lg">{t('dryRun.same', { count: told.same })}</Badge>
      </Group>
      {isCalm ? (
        <Text>{t('dryRun.calm')}</Text>
      ) : (
        <Rows
          label={t('dryRun.title')}
          items={told.tiers}
          keyOf={(tier) => tier.tier_id ?? tier.name ?? 'none'}
          columns={[
            { name: t('dryRun.tier'), leads: true, cell: (tier) => <Text fw={600} dir="auto">{tier.name ?? t('dryRun.noTier')}</Text> },
            { name: t('dryRun.before'), numeric: true, cell: (tier) => whole(tier.before) },
            { name: t('dryRun.after'), numeric: true, cell: (tier) => whole(tier.after) },
          ]}
        />
      )}
    </Stack>
  );
}
