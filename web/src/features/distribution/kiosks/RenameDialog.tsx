import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '@/lib/api';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { Fault } from '@/ui/Fault';

import { LINKS } from '../requests';

import { KIOSKS, type Kiosk } from './requests';

/** Another name for a tablet; its link has the same. */
export function RenameDialog({ kiosk, onClose }: { readonly kiosk: Kiosk; readonly onClose: () => void }) {
  const { t } = useTranslation('distribution');
  const { t: common } = useTranslation();
  const [name, setName] = useState(kiosk.name);
  const save = useSaving({
    save: () => api.PATCH('/api/v1/kiosks/{kiosk_id}', { params: { path: { kiosk_id: kiosk.id } }, body: { name } }),
    refresh: [KIOSKS, LINKS],
    told: t('kiosks.renamed'),
    onSaved: onClose,
  });
  const faults = refused(save.error);
  return (
    <Modal opened onClose={onClose} title={t('kiosks.renameOf', { name: kiosk.name })} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          {faults.above !== null && <Fault fault={faults.above} />}
          <TextInput label={t('kiosks.name')} description={t('kiosks.nameHint')} required maxLength={100} data-autofocus dir="auto" value={name} error={faults.at('name')} onChange={({ currentTarget }) => setName(currentTarget.value)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{common('cancel')}</Button>
            <Button type="submit" loading={save.isPending} disabled={name.trim() === '' || name.trim() === kiosk.name}>{t('kiosks.rename')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
