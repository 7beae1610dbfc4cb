import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, type Schemas } from '@/lib/api';
import { tell } from '@/lib/notify';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Section } from '@/ui/Section';

import { Facts } from './Facts';
import { GoogleWizard } from './GoogleWizard';
import { WALLETS } from './requests';

/** The issuer of cards in Google Wallet, and the way to one's own. */
export function GoogleIssuer({ state }: { readonly state: Schemas['GoogleState'] }) {
  const { t } = useTranslation('settings');
  const [open, setOpen] = useState<'wizard' | 'leave' | null>(null);
  const client = useQueryClient();
  const leave = useMutation({
    mutationFn: async () => {
      await api.DELETE('/api/v1/wallets/google');
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: WALLETS });
      tell(t('left'));
      setOpen(null);
    },
  });
  return (
    <Section title="Google Wallet" lead={t('google.lead')}>
      {state.origin === null ? (
        <Text>{t('google.none')}</Text>
      ) : (
        <Facts
          facts={[
            [t('apple.whose'), t(`origin.${state.origin}`)],
            [t('google.issuer'), <bdi key="issuer">{state.issuer_id}</bdi>],
            [t('google.account'), <bdi key="account">{state.account}</bdi>],
          ]}
        />
      )}
      <Group>
        <Button variant={state.origin === null ? 'filled' : 'default'} onClick={() => setOpen('wizard')}>
          {t(state.origin === 'own' ? 'google.replace' : 'google.own')}
        </Button>
        {state.origin === 'own' && (
          <Button variant="subtle" color="red" onClick={() => setOpen('leave')}>
            {t('leave')}
          </Button>
        )}
      </Group>
      {open === 'wizard' && <GoogleWizard issuer={state.origin === 'own' ? (state.issuer_id ?? '') : ''} onClose={() => setOpen(null)} />}
      {open === 'leave' && (
        <ConfirmDialog
          opened
          title={t('leave')}
          action={t('leave')}
          onConfirm={() => leave.mutate()}
          onClose={() => setOpen(null)}
          pending={leave.isPending}
          fault={leave.error}
          danger
        >
          <Text>{t('google.leaveLead')}</Text>
        </ConfirmDialog>
      )}
    </Section>
  );
}
