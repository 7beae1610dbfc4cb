import { Alert, Badge, Button, Group, Modal, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { whole } from '@/lib/format';
import { tell } from '@/lib/notify';
import { Loaded } from '@/ui/Loaded';
import { Section } from '@/ui/Section';
import { ShownOnce } from '@/ui/ShownOnce';

import { EnrolDialog } from './EnrolDialog';
import { PasswordProof } from './PasswordProof';

export const SECOND_FACTOR = ['second-factor'] as const;
const FEW = 3;

/** Whether a code is asked for at sign-in, and how to have it so. */
export function SecondFactor() {
  const { t } = useTranslation('account');
  const [dialog, setDialog] = useState<'enrol' | 'off' | 'codes' | null>(null);
  const close = () => setDialog(null);
  const state = useQuery({ queryKey: SECOND_FACTOR, queryFn: async () => data(await api.GET('/api/v1/me/second-factor')) });
  return (
    <Section title={t('secondFactor')} lead={t('secondFactorLead')}>
      <Loaded query={state}>
        {({ on, recovery_codes_left }) =>
          on ? (
            <>
              <Group>
                <Badge color="teal" variant="light" size="lg">
                  {t('on')}
                </Badge>
                <Text size="sm">{t('codesLeft', { count: recovery_codes_left, shown: whole(recovery_codes_left) })}</Text>
              </Group>
              {recovery_codes_left <= FEW && (
                <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />}>
                  {t('fewCodes')}
                </Alert>
              )}
              <Group>
                <Button variant="default" onClick={() => setDialog('codes')}>
                  {t('newCodes')}
                </Button>
                <Button variant="default" color="red" onClick={() => setDialog('off')}>
                  {t('turnOff')}
                </Button>
              </Group>
            </>
          ) : (
            <Group>
              <Button onClick={() => setDialog('enrol')}>{t('turnOn')}</Button>
            </Group>
          )
        }
      </Loaded>
      {dialog === 'enrol' && <EnrolDialog onClose={close} />}
      {dialog === 'codes' && <NewCodesDialog onClose={close} />}
      {dialog === 'off' && <TurnOffDialog onClose={close} />}
    </Section>
  );
}

function NewCodesDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('account');
  const client = useQueryClient();
  const renew = useMutation({
    mutationFn: async (password: string) =>
      data(await api.POST('/api/v1/me/second-factor/recovery-codes', { body: { password } })),
    onSuccess: () => client.invalidateQueries({ queryKey: SECOND_FACTOR }),
  });
  return (
    <Modal opened onClose={onClose} title={t('newCodes')} centered>
      {renew.data ? (
        <ShownOnce label={t('codes')} hint={t('codesHint')} secret={renew.data.recovery_codes.join('\n')} />
      ) : (
        <PasswordProof
          lead={t('newCodesLead')}
          action={t('newCodes')}
          pending={renew.isPending}
          fault={renew.error}
          onProof={(password) => renew.mutate(password)}
          onCancel={onClose}
        />
      )}
    </Modal>
  );
}

function TurnOffDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('account');
  const client = useQueryClient();
  const turnOff = useMutation({
    mutationFn: async (password: string) => {
      await api.POST('/api/v1/me/second-factor/turn-off', { body: { password } });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: SECOND_FACTOR });
      tell(t('turnedOff'));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('turnOff')} centered>
      <PasswordProof
        lead={t('turnOffLead')}
        action={t('turnOff')}
        danger
        pending={turnOff.isPending}
        fault={turnOff.error}
        onProof={(password) => turnOff.mutate(password)}
        onCancel={onClose}
      />
    </Modal>
  );
}
