import { Modal, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { GivenLink } from '@/ui/GivenLink';

import type { Entry } from '../api';

interface PageLinkProps {
  readonly entry: Entry;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** A link that opens the customer's own page once; made afresh each time this is opened. */
export function PageLink({ entry, opened, onClose }: PageLinkProps) {
  const { t } = useTranslation('customers');
  return (
    <Modal opened={opened} onClose={onClose} title={t('pageLink.title')}>
      {opened && <Link customerId={entry.id} />}
    </Modal>
  );
}

function Link({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation('customers');
  const { data: me } = useMe();
  const link = useQuery({
    queryKey: ['page-link', customerId],
    gcTime: 0,
    staleTime: Infinity,
    queryFn: async () =>
      data(await api.POST('/api/v1/customers/{customer_id}/page-link', { params: { path: { customer_id: customerId } } })),
  });
  if (link.isError) return <Fault fault={link.error} retry={() => void link.refetch()} />;
  if (!link.data) return <Skeleton h={320} />;
  const { url, qr_svg, may_erase } = link.data;
  const message = t('pageLink.message', { shop: me?.organization.name ?? '', url });
  const note = t(may_erase ? 'pageLink.secret' : 'pageLink.secretNoErase');
  return <GivenLink url={url} picture={qr_svg} message={message} lead={t('pageLink.lead')} note={note} />;
}
