import { Button, Menu } from '@mantine/core';
import { IconBolt, IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { SCAN_ACTIONS, type ScanAction } from '@/lib/scanActions';

interface AfterScanProps {
  readonly action: ScanAction;
  readonly onOnce: (action: ScanAction) => void;
}

/** What the till will do by itself with the next card; another choice counts for one scan. */
export function AfterScan({ action, onOnce }: AfterScanProps) {
  const { t } = useTranslation(['scanner', 'common']);
  return (
    <Menu position="bottom-start" width="target">
      <Menu.Target>
        <Button variant="light" size="md" leftSection={<IconBolt aria-hidden />} rightSection={<IconChevronDown size={18} aria-hidden />} justify="space-between" fullWidth h="auto" mih={48} py={6} ta="start" styles={{ label: { whiteSpace: 'normal', height: 'auto', lineHeight: 1.3 } }}>
          {t('auto.label', { action: t(`common:scanAction.${action}`) })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('auto.once')}</Menu.Label>
        {SCAN_ACTIONS.map((one) => (
          <Menu.Item key={one} mih={44} onClick={() => onOnce(one)} aria-current={one === action}>
            {t(`common:scanAction.${one}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
