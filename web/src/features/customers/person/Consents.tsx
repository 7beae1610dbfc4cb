import { Badge, Button, Group, Modal, Select, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { day } from '@/lib/format';
import { LANGUAGES, type Language, currentLanguage } from '@/lib/i18n';
import { useMay, useMe } from '@/lib/session';
import { AskFirst } from '@/ui/AskFirst';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Section } from '@/ui/Section';

import { useWrite } from '../api';

type Consent = Schemas['ConsentOut'];
const CHANNELS = ['none', 'email', 'sms', 'whatsapp', 'push'] as const;

interface Terms {
  purpose: string;
  channel: (typeof CHANNELS)[number];
  language: Language;
  wording: string;
}

/** What the customer agreed to, with the words that they saw, and a way to end or record it. */
export function Consents({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const [granting, setGranting] = useState(false);
  const consents = useQuery({
    queryKey: ['customers', customerId, 'consents'],
    queryFn: async () =>
      data(await api.GET('/api/v1/customers/{customer_id}/consents/current', { params: { path: { customer_id: customerId } } })),
  });
  const action = may('customers:write') && (
    <Button size="xs" variant="subtle" flex="none" aria-label={t('consent.record')} onClick={() => setGranting(true)}>
      {t('consent.add')}
    </Button>
  );
  return (
    <Section title={t('consent.title')} actions={action}>
      <Loaded query={consents} skeleton={<Skeleton h={40} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('consent.none')}
            </Text>
          ) : (
            <Stack gap="sm">
              {items.map((consent) => (
                <Given key={consent.id} consent={consent} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      <Modal opened={granting} onClose={() => setGranting(false)} title={t('consent.record')}>
        {granting && <Grant customerId={customerId} onClose={() => setGranting(false)} />}
      </Modal>
    </Section>
  );
}

const useRecord = (customerId: string, done?: () => void) =>
  useWrite(
    (body: Schemas['NewConsent']) =>
      api.POST('/api/v1/customers/{customer_id}/consents', { params: { path: { customer_id: customerId } }, body }),
    done,
  );

function Given({ consent }: { readonly consent: Consent }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const { data: me } = useMe();
  const withdraw = useWrite(() =>
    api.POST('/api/v1/customers/{customer_id}/consents', {
      params: { path: { customer_id: consent.customer_id } },
      body: { purpose: consent.purpose, channel: consent.channel, state: 'withdrawn', source: 'till' },
    }),
  );
  const isGranted = consent.state === 'granted';
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" fw={600}>
          {t(`purpose.${consent.purpose}`, { defaultValue: consent.purpose })}
          {consent.channel !== 'none' && ` · ${t(`channel.${consent.channel}`)}`}
        </Text>
        <Badge variant="light" tt="none" flex="none" color={isGranted ? 'teal' : 'gray'}>
          {t(`consent.${consent.state}`)}
        </Badge>
      </Group>
      {consent.wording && (
        <Text size="xs" c="dimmed" lineClamp={3}>
          <bdi>{consent.wording}</bdi>
        </Text>
      )}
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {day(consent.given_at, me?.organization.time_zone)} · {t(`source.${consent.source}`)}
        </Text>
        {isGranted && may('customers:write') && (
          <AskFirst title={t('consent.withdrawTitle')} lead={t('consent.withdrawLead')} action={t('consent.withdraw')} write={withdraw}>
            {(ask) => (
              <Button size="compact-xs" variant="subtle" color="red" onClick={ask}>
                {t('consent.withdraw')}
              </Button>
            )}
          </AskFirst>
        )}
      </Group>
    </div>
  );
}

function Grant({ customerId, onClose }: { readonly customerId: string; readonly onClose: () => void }) {
  const { t } = useTranslation('customers');
  const form = useForm<Terms>({
    initialValues: { purpose: 'marketing', channel: 'email', language: currentLanguage(), wording: '' },
    validate: { wording: (wording) => (wording.trim() ? null : t('consent.wordingFault')) },
  });
  const record = useRecord(customerId, onClose);
  return (
    <form
      onSubmit={form.onSubmit((values) =>
        record.mutate({ ...values, wording: values.wording.trim(), wording_version: 'by hand', state: 'granted', source: 'till' }),
      )}
    >
      <Stack>
        {record.isError && <Fault fault={record.error} />}
        <Select
          label={t('consent.purpose')}
          data={['marketing', 'loyalty_program'].map((value) => ({ value, label: t(`purpose.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('purpose')}
        />
        <Select
          label={t('consent.channel')}
          data={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('channel')}
        />
        <Textarea
          label={t('consent.wording')}
          description={t('consent.wordingHint')}
          autosize
          minRows={3}
          maxLength={5000}
          {...form.getInputProps('wording')}
        />
        <Select
          label={t('consent.language')}
          data={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('language')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={record.isPending}>
            {t('consent.record')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
