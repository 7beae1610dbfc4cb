/** The barcode, and the card's end. */
import { Checkbox, Group, Select, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { type Barcode, newBarcode } from '../model/design';

import { useDesk } from './desk';
import { Findings } from './Findings';
import { PlaceholderInput } from './PlaceholderInput';

const FORMATS = ['qr', 'pdf417', 'aztec', 'code128'] as const;

export function CodePanel() {
  const { t } = useTranslation('designer');
  const { design, change } = useDesk();
  const { barcode } = design;
  const set = (changed: Partial<Barcode>, mark?: string) => change((now) => ({ ...now, barcode: { ...(now.barcode ?? newBarcode()), ...changed } }), mark);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h6">{t('code.title')}</Title>
        <Switch label={t('code.shown')} checked={barcode !== null} onChange={({ currentTarget: { checked } }) => change((now) => ({ ...now, barcode: checked ? newBarcode() : null }))} />
      </Group>
      {barcode && (
        <>
          <Select label={t('code.format')} description={t('code.formatHint')} value={barcode.format} allowDeselect={false} data={FORMATS.map((value) => ({ value, label: t(`code.${value}`) }))} onChange={(format) => format && set({ format: format })} />
          <PlaceholderInput label={t('code.message')} description={t('code.messageHint')} value={barcode.message} path="barcode.message" maxLength={500} dir="ltr" onChange={(message) => set({ message }, 'barcode.message')} />
          <PlaceholderInput label={t('code.alt')} value={barcode.alt_text} path="barcode.alt_text" onChange={(alt_text) => set({ alt_text }, 'barcode.alt_text')} />
        </>
      )}
      {barcode && <Text size="xs" c="dimmed">{t('code.kindHint')}</Text>}
      <Title order={2} size="h6" mt="sm">{t('end.title')}</Title>
      <TextInput type="date" label={t('end.date')} description={t('end.dateHint')} value={design.expires_at?.slice(0, 10) ?? ''} onChange={({ currentTarget: { value } }) => change((now) => ({ ...now, expires_at: value === '' ? null : `${value}T23:59:59Z` }), 'expires_at')} />
      <Findings path="expires_at" />
      <Checkbox label={t('end.sharing')} checked={design.sharing_prohibited} onChange={({ currentTarget: { checked } }) => change((now) => ({ ...now, sharing_prohibited: checked }))} />
    </Stack>
  );
}
