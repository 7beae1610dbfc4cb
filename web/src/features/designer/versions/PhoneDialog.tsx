import { Anchor, Button, CopyButton, Group, Modal, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { instant } from '@/lib/format';
import { useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { PhoneSimulator } from '@/ui/simulator/PhoneSimulator';

import { useBarcode } from '../preview/barcodes';
import { makeTrialCard } from '../requests';

interface PhoneDialogProps {
  readonly templateId: string;
  /** Keeps the work as a version when it is not one yet; nothing is published. */
  readonly keep: () => Promise<number>;
  readonly onClose: () => void;
}

/** A QR code that brings the card as it is now to a phone, with sample values, for a day. */
export function PhoneDialog({ templateId, keep, onClose }: PhoneDialogProps) {
  const { t } = useTranslation('designer');
  const { data: me } = useMe();
  const simulator = me?.simulator_url;
  const link = useQuery({ queryKey: ['trial-card', templateId], queryFn: async () => makeTrialCard(templateId, await keep()), retry: false, gcTime: 0, staleTime: Infinity, refetchOnWindowFocus: false });
  const code = useBarcode('qr', link.data?.url ?? '');
  return (
    <Modal opened onClose={onClose} title={t('phone.title')} centered {...(simulator ? { size: 'xl' } : {})}>
      <Stack align="center">
        <Text ta="center">{t('phone.lead')}</Text>
        {link.isError && <Fault fault={link.error} retry={() => void link.refetch()} />}
        {!link.isError && (code === null ? <Skeleton w={240} h={240} /> : <img src={code} width={240} height={240} alt={t('phone.code')} style={{ background: '#fff', padding: 12, borderRadius: 12, imageRendering: 'crisp-edges' }} />)}
        {link.data && (
          <>
            <Text size="sm" c="dimmed" ta="center">{t('phone.until', { time: instant(link.data.ends_at, me?.organization.time_zone) })}</Text>
            <Group>
              <Anchor href={link.data.url} size="sm" download>{t('phone.download')}</Anchor>
              <CopyButton value={link.data.url}>{({ copied, copy }) => <Button size="compact-sm" variant="subtle" onClick={copy}>{t(copied ? 'phone.copied' : 'phone.copy')}</Button>}</CopyButton>
            </Group>
          </>
        )}
      </Stack>
      {simulator && <PhoneSimulator address={simulator} card={link.data?.url} only="iphone" />}
    </Modal>
  );
}
