import { Anchor, Button, Group, Modal, SegmentedControl, Stack, Stepper, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { AskFirst } from '@/ui/AskFirst';
import { Fault } from '@/ui/Fault';

import { CertificateUpload } from './CertificateUpload';
import { APPLE_REQUEST, WALLETS } from './requests';

const PORTAL = 'https://developer.apple.com/account/resources/certificates/add';

type Request = Schemas['AppleRequestOut'];

/** From nothing to an own certificate: a request made here and certified by Apple, or a .p12 that is there already. */
export function AppleWizard({ waits, onClose }: { readonly waits: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const [way, setWay] = useState('request');
  const [step, setStep] = useState(waits ? 1 : 0);
  const { data: request, error } = useQuery({
    queryKey: APPLE_REQUEST,
    enabled: waits,
    queryFn: async () => data(await api.GET('/api/v1/wallets/apple/request')),
  });
  return (
    <Modal opened onClose={onClose} title={t('apple.wizard')} size="lg" closeOnClickOutside={false}>
      <Stack>
        {error && <Fault fault={error} />}
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
              <RequestStep request={request} onMade={() => setStep(1)} />
            </Stepper.Step>
            <Stepper.Step label={t('apple.step2')} description={t('apple.step2Hint')} allowStepSelect={request !== undefined}>
              <PortalStep request={request} onNext={() => setStep(2)} />
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

function RequestStep({ request, onMade }: { readonly request: Request | undefined; readonly onMade: () => void }) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: async () => data(await api.POST('/api/v1/wallets/apple/request')),
    onSuccess: async (made) => {
      client.setQueryData(APPLE_REQUEST, made);
      await client.invalidateQueries({ queryKey: WALLETS });
      onMade();
    },
  });
  if (request === undefined) {
    return (
      <Stack py="sm">
        {make.isError && <Fault fault={make.error} />}
        <Text size="sm">{t('apple.requestLead')}</Text>
        <Group>
          <Button loading={make.isPending} onClick={() => make.mutate()}>
            {t('apple.requestMake')}
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack py="sm">
      <Text size="sm">{t('apple.requestReady')}</Text>
      <Group>
        <Button onClick={onMade}>{t('apple.goOn')}</Button>
        <AskFirst title={t('apple.anewTitle')} lead={t('apple.anewLead')} action={t('apple.requestAnew')} write={make}>
          {(ask) => (
            <Button variant="subtle" onClick={ask}>
              {t('apple.requestAnew')}
            </Button>
          )}
        </AskFirst>
      </Group>
    </Stack>
  );
}

function PortalStep({ request, onNext }: { readonly request: Request | undefined; readonly onNext: () => void }) {
  const { t } = useTranslation('settings');
  return (
    <Stack py="sm">
      <Text size="sm">{t('apple.portal')}</Text>
      <Anchor href={PORTAL} target="_blank" rel="noreferrer" dir="ltr" size="sm">
        developer.apple.com
      </Anchor>
      <Group>
        {request && (
          <Button
            component="a"
            href={`data:application/pkcs10;base64,${btoa(request.request)}`}
            download="passerelle.certSigningRequest"
            leftSection={<IconDownload size={18} aria-hidden />}
          >
            {t('apple.download')}
          </Button>
        )}
        <Button variant="default" onClick={onNext}>
          {t('apple.haveCertificate')}
        </Button>
      </Group>
    </Stack>
  );
}
