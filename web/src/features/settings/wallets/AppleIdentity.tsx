import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/lib/api';
import { day } from '@/lib/format';
import { tell } from '@/lib/notify';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Section } from '@/ui/Section';

import { AppleWizard } from './AppleWizard';
import { Facts } from './Facts';
import { Findings } from './Findings';
import { WALLETS } from './requests';

interface AppleIdentityProps {
  readonly state: Schemas['AppleState'];
  readonly timeZone: string;
}

/** The pass certificate: whose it is, how long it lives, and the way to one's own. */
export function AppleIdentity({ state, timeZone }: AppleIdentityProps) {
  const { t } = useTranslation('settings');
  const [open, setOpen] = useState<'wizard' | 'leave' | null>(null);
  const close = () => setOpen(null);
  const facts: (readonly [string, string])[] = state.expires_at
    ? [
        [t('apple.whose'), t(`origin.${state.origin ?? 'server'}`)],
        [t('apple.passType'), state.pass_type_identifier ?? ''],
        [t('apple.team'), state.team_identifier ?? ''],
        [t('apple.ends'), `${day(state.expires_at, timeZone)} · ${t('daysLeft', { count: state.days_left ?? 0 })}`],
        [t('apple.nfc'), t(state.nfc_capable ? 'apple.nfcYes' : 'apple.nfcNo')],
      ]
    : [];
  const older = state.older_pass_types ?? [];
  const action = state.request_made_at ? 'apple.goOn' : state.origin === 'own' ? 'apple.renew' : 'apple.own';
  return (
    <Section title="Apple Wallet" lead={t('apple.lead')}>
      {state.origin === null ? <Text>{t('apple.none')}</Text> : <Facts facts={facts} />}
      <Findings findings={state.findings ?? []} />
      {older.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('apple.older', { types: older.join(', ') })}
        </Text>
      )}
      <Group>
        <Button variant={state.origin === null ? 'filled' : 'default'} onClick={() => setOpen('wizard')}>
          {t(action)}
        </Button>
        {state.origin === 'own' && (
          <Button variant="subtle" color="red" onClick={() => setOpen('leave')}>
            {t('leave')}
          </Button>
        )}
      </Group>
      {open === 'wizard' && <AppleWizard waits={state.request_made_at !== null} onClose={close} />}
      {open === 'leave' && <LeaveApple onClose={close} />}
    </Section>
  );
}

function LeaveApple({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const leave = useMutation({
    mutationFn: async () => {
      await api.DELETE('/api/v1/wallets/apple');
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: WALLETS });
      tell(t('left'));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t('leave')}
      action={t('leave')}
      onConfirm={() => leave.mutate()}
      onClose={onClose}
      pending={leave.isPending}
      fault={leave.error}
      danger
    >
      <Text>{t('apple.leaveLead')}</Text>
    </ConfirmDialog>
  );
}
