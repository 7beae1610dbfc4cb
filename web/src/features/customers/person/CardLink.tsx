import { Modal, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';

import { GivenLink } from './GivenLink';

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
  const message = t('link.message', { shop: me?.organization.name ?? '', url });
  return <GivenLink url={url} picture={qr_svg} message={message} lead={t('link.lead')} note={t('link.secret')} />;
}
