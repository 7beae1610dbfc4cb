import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant } from '@/lib/format';
import { useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { ShownOnce } from '@/ui/ShownOnce';

import type { Operator } from './Operators';

/** A link for somebody who forgot the password, to be handed over. */
export function ResetLinkDialog({ person, onClose }: { readonly person: Operator; readonly onClose: () => void }) {
  const { t } = useTranslation('team');
  const { t: common } = useTranslation();
  const { data: me } = useMe();
  const make = useMutation({
    mutationFn: async () =>
      data(
        await api.POST('/api/v1/operators/{operator_id}/password-reset', { params: { path: { operator_id: person.id } } }),
      ),
  });
  return (
    <Modal opened onClose={onClose} title={t('resetTitle', { name: person.name })} centered>
      <Stack>
        {make.isError && <Fault fault={make.error} />}
        {make.data ? (
          <ShownOnce
            label={t('resetLink')}
            hint={t('linkHint', { name: person.name, until: instant(make.data.expires_at, me?.organization.time_zone) })}
            secret={make.data.url}
          />
        ) : (
          <Text>{t('resetLead')}</Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common(make.data ? 'close' : 'cancel')}
          </Button>
          {!make.data && (
            <Button loading={make.isPending} onClick={() => make.mutate()}>
              {t('resetMake')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
