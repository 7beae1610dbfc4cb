import { Anchor, Center, List, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { ShownOnce } from '@/ui/ShownOnce';

import type { OpenedKiosk } from './requests';

/** How the tablet comes to its page: by its camera, or by the address. */
export function AddressDialog({ kiosk, onClose }: { readonly kiosk: OpenedKiosk; readonly onClose: () => void }) {
  const { t } = useTranslation('distribution');
  return (
    <Modal opened onClose={onClose} title={t('kiosks.ready', { name: kiosk.name })} size="lg" centered>
      <Stack>
        <Center>
          <img src={`data:image/svg+xml;utf8,${encodeURIComponent(kiosk.qr_svg)}`} alt={t('kiosks.codeAlt')} width={220} height={220} style={{ borderRadius: 12 }} />
        </Center>
        <List type="ordered" spacing={4}>
          <List.Item>{t('kiosks.step1')}</List.Item>
          <List.Item>{t('kiosks.step2')}</List.Item>
          <List.Item>{t('kiosks.step3')}</List.Item>
        </List>
        <ShownOnce label={t('kiosks.address')} hint={t('kiosks.addressHint')} secret={kiosk.url} />
        <Text size="sm">
          <Anchor href={kiosk.url} target="_blank" rel="noopener">{t('kiosks.here')}</Anchor>
        </Text>
      </Stack>
    </Modal>
  );
}
