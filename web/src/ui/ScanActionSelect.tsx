import { Select, type SelectProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { SCAN_ACTIONS, type ScanAction } from '@/lib/scanActions';

interface ScanActionSelectProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  readonly value: ScanAction | null;
  /** What `null` is called: somebody else chooses. */
  readonly inherit: string;
  readonly onAction: (action: ScanAction | null) => void;
}

/** What a till does by itself after a scan, or whoever chooses it instead. */
export function ScanActionSelect({ value, inherit, onAction, ...others }: ScanActionSelectProps) {
  const { t } = useTranslation();
  return (
    <Select
      label={t('scanAction.label')}
      allowDeselect={false}
      data={[{ value: '', label: inherit }, ...SCAN_ACTIONS.map((action) => ({ value: action, label: t(`scanAction.${action}`) }))]}
      value={value ?? ''}
      onChange={(chosen) => onAction(SCAN_ACTIONS.find((action) => action === chosen) ?? null)}
      {...others}
    />
  );
}
