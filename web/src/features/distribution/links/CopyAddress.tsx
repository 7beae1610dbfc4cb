import { ActionIcon, CopyButton, Group, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconExternalLink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import styles from '../Distribution.module.css';
import { shortAddress } from '../requests';

/** The address, to be copied and opened. It stays left to right, whatever the language. */
export function CopyAddress({ url }: { readonly url: string }) {
  const { t } = useTranslation('distribution');
  const { t: common } = useTranslation();
  return (
    <Group gap={2} wrap="nowrap">
      <bdi className={styles.address} dir="ltr">
        {shortAddress(url)}
      </bdi>
      <CopyButton value={url}>
        {({ copied, copy }) => (
          <Tooltip label={common(copied ? 'copied' : 'copy')}>
            <ActionIcon variant="subtle" aria-label={t('links.copy')} onClick={copy}>
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
      <Tooltip label={t('links.open')}>
        <ActionIcon component="a" href={url} target="_blank" rel="noopener" variant="subtle" aria-label={t('links.open')}>
          <IconExternalLink size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
