import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useMay } from '@/lib/session';
import { Page } from '@/ui/Page';

import { Invitations } from './Invitations';
import { InviteDialog } from './InviteDialog';
import { Operators } from './Operators';
import { Roles } from './Roles';
import { Work } from './Work';

/** Who works here, who is invited, and what each role may do. */
export function TeamPage() {
  const { t } = useTranslation('team');
  const may = useMay();
  const [inviting, { open, close }] = useDisclosure();
  const invite = may('operators:write') && (
    <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={open}>
      {t('invite')}
    </Button>
  );
  return (
    <Page title={t('title')} lead={t('lead')} actions={invite}>
      <Operators />
      {may('reports:read') && <Work />}
      <Invitations />
      <Roles />
      {inviting && <InviteDialog onClose={close} />}
    </Page>
  );
}
