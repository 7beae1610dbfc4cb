import { Button, Center, CopyButton, Group, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCopy, IconMail, IconMessage, IconShare } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';

interface CardLinkProps {
  readonly pass: Schemas['PassDetail'];
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** A fresh secret link to the card: to be scanned from the screen, or sent with the device's own apps. */
export function CardLink({ pass, opened, onClose }: CardLinkProps) {
  const { t } = useTranslation('customers');
  return (
    <Modal opened={opened} onClose={onClose} title={t('link.title')}>
      {opened && <Link passId={pass.id} />}
    </Modal>
  );
}

function Link({ passId }: { readonly passId: string }) {
  const { t } = useTranslation('customers');
  const { data: me } = useMe();
  const link = useQuery({
    queryKey: ['card-link', passId],
    gcTime: 0,
    staleTime: Infinity,
    queryFn: async () => data(await api.POST('/api/v1/passes/{pass_id}/link', { params: { path: { pass_id: passId } } })),
  });
  if (link.isError) return <Fault fault={link.error} retry={() => void link.refetch()} />;
  if (!link.data) return <Skeleton h={320} />;
  const { url, qr_svg } = link.data;
  const text = t('link.message', { shop: me?.organization.name ?? '', url });
  return (
    <Stack>
      <Text size="sm">{t('link.lead')}</Text>
      <Center>
        <img src={`data:image/svg+xml,${encodeURIComponent(qr_svg)}`} width={240} height={240} alt={t('link.qr')} />
      </Center>
      <TextInput label={t('link.address')} value={url} readOnly dir="ltr" onFocus={(event) => event.currentTarget.select()} />
      <Group gap="xs">
        <CopyButton value={url}>
          {({ copied, copy }) => (
            <Button size="xs" variant="light" leftSection={<IconCopy size={16} aria-hidden />} onClick={copy}>
              {t(copied ? 'link.copied' : 'link.copy')}
            </Button>
          )}
        </CopyButton>
        <Button size="xs" variant="light" component="a" href={`sms:?&body=${encodeURIComponent(text)}`} leftSection={<IconMessage size={16} aria-hidden />}>
          {t('channel.sms')}
        </Button>
        <Button size="xs" variant="light" component="a" href={`mailto:?body=${encodeURIComponent(text)}`} leftSection={<IconMail size={16} aria-hidden />}>
          {t('channel.email')}
        </Button>
        {'share' in navigator && (
          <Button size="xs" variant="light" leftSection={<IconShare size={16} aria-hidden />} onClick={() => void navigator.share({ text }).catch(() => undefined)}>
            {t('link.share')}
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {t('link.secret')}
      </Text>
    </Stack>
  );
}
