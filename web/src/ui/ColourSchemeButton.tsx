import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Light or dark; as the system has it until somebody chooses. */
export function ColourSchemeButton() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme('light');
  const Symbol = shown === 'dark' ? IconSun : IconMoon;
  return (
    <ActionIcon
      variant="subtle"
      size="lg"
      aria-label={t('colours')}
      onClick={() => setColorScheme(shown === 'dark' ? 'light' : 'dark')}
    >
      <Symbol aria-hidden />
    </ActionIcon>
  );
}
