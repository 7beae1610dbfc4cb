import { Modal, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useMe } from '@/lib/session';

import { Fault } from './Fault';
import { GivenLink } from './GivenLink';

interface CardLinkProps {
  /** Which card: asked for once while the dialog is open. */
  readonly of: string;
  /** Makes a fresh link. */
  readonly give: () => Promise<{ readonly url: string; readonly qr_svg: string }>;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** A fresh secret link to a card: to be scanned from the screen, or sent with the device's own apps. */
export function CardLink({ opened, onClose, ...card }: CardLinkProps) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t('link.title')}>
      {opened && <Link {...card} />}
    </Modal>
  );
}

function Link({ of, give }: Pick<CardLinkProps, 'of' | 'give'>) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const link = useQuery({ queryKey: ['card-link', of], gcTime: 0, staleTime: Infinity, queryFn: give });
  if (link.isError) return <Fault fault={link.error} retry={() => void link.refetch()} />;
  if (!link.data) return <Skeleton h={320} />;
  const { url, qr_svg } = link.data;
  const message = t('link.message', { shop: me?.organization.name ?? '', url });
  return <GivenLink url={url} picture={qr_svg} message={message} lead={t('link.lead')} note={t('link.secret')} />;
}
