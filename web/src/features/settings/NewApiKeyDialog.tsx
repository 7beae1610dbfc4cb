import { Button, Checkbox, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { useMe } from '@/lib/session';
import { TILL_SCOPES } from '@/lib/tillScopes';
import { Fault } from '@/ui/Fault';
import { ShownOnce } from '@/ui/ShownOnce';

import { API_KEYS } from './ApiKeys';
import { LOCATIONS } from './Locations';
import { scopeText } from './scopes';

const LIVES = ['none', '30', '90', '365'] as const;
const DAY_MS = 86_400_000;

interface Typed {
  name: string;
  scopes: string[];
  location_id: string | null;
  days: string;
}

/** A key with what it may do, where, and for how long; shown once. */
export function NewApiKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const { data: me } = useMe();
  const client = useQueryClient();
  const own = me?.scopes ?? [];
  const locations = useQuery({
    queryKey: [...LOCATIONS, 'choice'],
    queryFn: async () => data(await api.GET('/api/v1/locations', { params: { query: { limit: 200 } } })),
  });
  const form = useForm<Typed>({
    initialValues: { name: '', scopes: TILL_SCOPES.filter((scope) => own.includes(scope)), location_id: null, days: 'none' },
    validate: { scopes: (chosen) => (chosen.length > 0 ? null : t('noScopes')) },
  });
  const make = useMutation({
    mutationFn: async ({ name, scopes, location_id, days }: Typed) => {
      const expires_at = days === 'none' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
      return data(await api.POST('/api/v1/api-keys', { body: { name, scopes, location_id, expires_at } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: API_KEYS }),
  });
  return (
    <Modal opened onClose={onClose} title={t('newKey')} size="lg" centered closeOnClickOutside={false}>
      {make.data ? (
        <Stack>
          <ShownOnce label={make.data.name} hint={t('keyHint')} secret={make.data.api_key} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{common('close')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={form.onSubmit((typed) => make.mutate(typed))}>
          <Stack>
            {make.isError && <Fault fault={make.error} />}
            <TextInput
              label={t('keyName')}
              placeholder={t('keyNameExample')}
              required
              maxLength={100}
              data-autofocus
              {...form.getInputProps('name')}
            />
            <Checkbox.Group label={t('keyMay')} {...form.getInputProps('scopes')}>
              <Stack gap="xs" mt="xs" mah={280} style={{ overflowY: 'auto' }} tabIndex={0} aria-label={t('keyMay')} role="group">
                {own.map((scope) => (
                  <Checkbox key={scope} value={scope} label={scopeText(t, scope)} />
                ))}
              </Stack>
            </Checkbox.Group>
            <Group grow align="flex-start" preventGrowOverflow={false}>
              <Select
                label={t('keyLocation')}
                placeholder={t('anyLocation')}
                data={(locations.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                clearable
                {...form.getInputProps('location_id')}
              />
              <Select
                label={t('keyLife')}
                data={LIVES.map((days) => ({ value: days, label: t(`life.${days}`) }))}
                allowDeselect={false}
                {...form.getInputProps('days')}
              />
            </Group>
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {common('cancel')}
              </Button>
              <Button type="submit" loading={make.isPending}>
                {t('makeKey')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
