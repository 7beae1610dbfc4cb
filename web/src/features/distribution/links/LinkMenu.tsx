import { ActionIcon, Menu } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconCode, IconDots, IconPencil, IconPhoto, IconQrcode } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api } from '@/lib/api';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';

import { type JoinLink, LINKS } from '../requests';

/** What can be done with a link. */
export function LinkMenu({ link }: { readonly link: JoinLink }) {
  const { t } = useTranslation('distribution');
  const mayWrite = useMay()('links:write');
  const archive = useSaving({
    save: async () => api.PATCH('/api/v1/links/{link_id}', { params: { path: { link_id: link.id } }, body: { archived: link.archived_at === null } }),
    refresh: [LINKS],
    told: t(link.archived_at === null ? 'links.nowArchived' : 'links.nowBack'),
  });
  const page = `/distribution/links/${link.id}`;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={t('links.actionsOf', { name: link.name })} loading={archive.isPending}>
          <IconDots aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to={page} leftSection={<IconQrcode size={16} aria-hidden />}>{t('qr.title')}</Menu.Item>
        <Menu.Item component={Link} to={`${page}/poster`} leftSection={<IconPhoto size={16} aria-hidden />}>{t('poster.title')}</Menu.Item>
        <Menu.Item component={Link} to={`${page}/embed`} leftSection={<IconCode size={16} aria-hidden />}>{t('embed.title')}</Menu.Item>
        {mayWrite && (
          <>
            <Menu.Divider />
            <Menu.Item component={Link} to={`${page}/settings`} leftSection={<IconPencil size={16} aria-hidden />}>{t('links.settings')}</Menu.Item>
            {!link.is_default && (
              <Menu.Item onClick={() => archive.mutate()} leftSection={link.archived_at ? <IconArchiveOff size={16} aria-hidden /> : <IconArchive size={16} aria-hidden />}>
                {t(link.archived_at ? 'links.restore' : 'links.archive')}
              </Menu.Item>
            )}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
