import { ActionIcon, Checkbox, Popover, Stack, Text } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useColumns } from './columns';

/** Which columns the table has, remembered in this browser. */
export function ColumnsMenu() {
  const { t } = useTranslation('customers');
  const { allowed, chosen, setChosen } = useColumns();
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <ActionIcon variant="default" size="lg" aria-label={t('columns.title')}>
          <IconColumns3 size={18} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Checkbox.Group
          label={<Text fw={600}>{t('columns.title')}</Text>}
          value={chosen}
          onChange={(names) => setChosen(names)}
        >
          <Stack gap="xs" mt="xs">
            {allowed.map((name) => (
              <Checkbox key={name} value={name} label={t(`columns.${name}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}
