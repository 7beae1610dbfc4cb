import { Alert, Button, Checkbox, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { LANGUAGES } from '@/lib/i18n';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { Fault } from '@/ui/Fault';

import { LINKS } from '../requests';

import { KIOSKS, type OpenedKiosk } from './requests';

interface Named {
  readonly id: string;
  readonly name: string;
}

interface KioskDialogProps {
  readonly programs: readonly Named[];
  readonly locations: readonly Named[];
  readonly onClose: () => void;
  readonly onOpened: (kiosk: OpenedKiosk) => void;
}

const options = (items: readonly Named[]) => items.map(({ id, name }) => ({ value: id, label: name }));

/** A tablet is set up: of which programme, where, in which language it begins. */
export function KioskDialog({ programs, locations, onClose, onOpened }: KioskDialogProps) {
  const { t } = useTranslation('distribution');
  const { t: common } = useTranslation();
  const [name, setName] = useState('');
  const [program, setProgram] = useState(programs[0]?.id ?? '');
  const [location, setLocation] = useState<string | null>(locations[0]?.id ?? null);
  const [language, setLanguage] = useState<string | null>(null);
  const [askEmail, setAskEmail] = useState(false);
  const save = useSaving({
    save: async () =>
      data(
        await api.POST('/api/v1/kiosks', {
          body: { name, program_id: program, location_id: location, language: LANGUAGES.find((each) => each === language) ?? null, ask_email: askEmail },
        }),
      ),
    refresh: [KIOSKS, LINKS],
    told: null,
    onSaved: onOpened,
  });
  const faults = refused(save.error);
  return (
    <Modal opened onClose={onClose} title={t('kiosks.add')} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          {faults.above !== null && <Fault fault={faults.above} />}
          {programs.length === 0 && <Alert>{t('links.noProgramHint')}</Alert>}
          <TextInput label={t('kiosks.name')} description={t('kiosks.nameHint')} required maxLength={100} data-autofocus value={name} error={faults.at('name')} onChange={({ currentTarget }) => setName(currentTarget.value)} />
          <Select label={t('program')} allowDeselect={false} data={options(programs)} value={program} onChange={(id) => id && setProgram(id)} />
          {locations.length > 0 && <Select label={t('location')} placeholder={t('everywhere')} clearable data={options(locations)} value={location} onChange={setLocation} />}
          <Select label={t('kiosks.language')} placeholder={t('kiosks.ownLanguage')} clearable data={LANGUAGES.map((each) => ({ value: each, label: common(`languages.${each}`) }))} value={language} onChange={setLanguage} />
          <Checkbox label={t('links.askEmail')} checked={askEmail} onChange={({ currentTarget }) => setAskEmail(currentTarget.checked)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{common('cancel')}</Button>
            <Button type="submit" loading={save.isPending} disabled={programs.length === 0}>{t('kiosks.open')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
