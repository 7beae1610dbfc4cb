import { Anchor, Button, Group, Modal, SegmentedControl, Stack, Stepper, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { Fault } from '@/ui/Fault';

import { CertificateUpload } from './CertificateUpload';
import { WALLETS } from './Wallets';

const PORTAL = 'https://developer.apple.com/account/resources/certificates/add';

/** From nothing to an own certificate: a request made here and certified by Apple, or a .p12 that is there already. */
export function AppleWizard({ waits, onClose }: { readonly waits: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const [way, setWay] = useState('request');
  const [step, setStep] = useState(waits ? 1 : 0);
  return (
    <Modal opened onClose={onClose} title={t('apple.wizard')} size="lg" closeOnClickOutside={false}>
      <Stack>
        <SegmentedControl
          value={way}
          onChange={setWay}
          aria-label={t('apple.wizard')}
          data={[
            { value: 'request', label: t('apple.newOne') },
            { value: 'p12', label: t('apple.haveOne') },
          ]}
        />
        {way === 'p12' ? (
          <CertificateUpload kind="p12" onClose={onClose} />
        ) : (
          <Stepper active={step} onStepClick={setStep} orientation="vertical" size="sm">
            <Stepper.Step label={t('apple.step1')} description={t('apple.step1Hint')} allowStepSelect>
              <RequestStep waits={waits} onDone={() => setStep(1)} />
            </Stepper.Step>
            <Stepper.Step label={t('apple.step2')} description={t('apple.step2Hint')} allowStepSelect>
              <Stack py="sm">
                <Text size="sm">{t('apple.portal')}</Text>
                <Anchor href={PORTAL} target="_blank" rel="noreferrer" dir="ltr" size="sm">
                  developer.apple.com
                </Anchor>
                <Group>
                  <Button onClick={() => setStep(2)}>{t('apple.haveCertificate')}</Button>
                </Group>
              </Stack>
            </Stepper.Step>
            <Stepper.Step label={t('apple.step3')} description={t('apple.step3Hint')} allowStepSelect>
              <CertificateUpload kind="certificate" onClose={onClose} />
            </Stepper.Step>
          </Stepper>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common('close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function RequestStep({ waits, onDone }: { readonly waits: boolean; readonly onDone: () => void }) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const kept = useQuery({
    queryKey: [...WALLETS, 'request'],
    enabled: waits,
    queryFn: async () => data(await api.GET('/api/v1/wallets/apple/request')),
  });
  const make = useMutation({
    mutationFn: async () => data(await api.POST('/api/v1/wallets/apple/request')),
    onSuccess: () => client.invalidateQueries({ queryKey: WALLETS }),
  });
  const request = make.data ?? kept.data;
  return (
    <Stack py="sm">
      {make.isError && <Fault fault={make.error} />}
      {kept.isError && <Fault fault={kept.error} />}
      <Text size="sm">{t(request ? 'apple.requestReady' : 'apple.requestLead')}</Text>
      <Group>
        {request && (
          <Button
            component="a"
            href={`data:application/pkcs10;base64,${btoa(request.request)}`}
            download="passerelle.certSigningRequest"
            leftSection={<IconDownload size={18} aria-hidden />}
            onClick={onDone}
          >
            {t('apple.download')}
          </Button>
        )}
        <Button variant={request ? 'subtle' : 'filled'} loading={make.isPending} onClick={() => make.mutate()}>
          {t(request ? 'apple.requestAnew' : 'apple.requestMake')}
        </Button>
      </Group>
    </Stack>
  );
}
