import { Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Problem } from '@/lib/api';
import { Fault } from '@/ui/Fault';

interface SpentLinkProps {
  readonly fault: unknown;
  readonly retry?: () => void;
}

/** A link that does not open: trying again helps against a lost network only, otherwise here is the way in. */
export function SpentLink({ fault, retry }: SpentLinkProps) {
  const { t } = useTranslation('signin');
  const isCut = fault instanceof Problem && fault.status === 422; // mail programs break long links
  const isFinal = isCut || (fault instanceof Problem && fault.code === 'link_invalid');
  return (
    <Stack>
      <Fault fault={isCut ? new Error(t('linkCut')) : fault} {...(isFinal || !retry ? {} : { retry })} />
      {isFinal && (
        <Button component={Link} to="/" variant="default">
          {t('back')}
        </Button>
      )}
    </Stack>
  );
}
