import { ActionIcon, Badge, Group, Menu, Tabs } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { addLanguage, languageName, languagesOf, toCheck, untranslated } from '../model/texts';

import { useDesk } from './desk';

/** Languages that a wallet may be set to and that we can name; more can be given over the API. */
const OFFERED = ['en', 'fr', 'ar', 'es', 'de', 'it', 'nl', 'pt', 'tr', 'ru', 'zh'];
const MOST = 12;

interface LanguageTabsProps {
  readonly language: string;
  readonly onChange: (language: string) => void;
}

/** One tab per language of the card, with how much is still to be translated. */
export function LanguageTabs({ language, onChange }: LanguageTabsProps) {
  const { t, i18n } = useTranslation('designer');
  const { design, saved, change } = useDesk();
  const known = languagesOf(design);
  const add = (added: string) => {
    change((now) => addLanguage(now, added));
    onChange(added);
  };
  return (
    <Group gap={4} wrap="nowrap" align="center">
      <Tabs value={language} onChange={(value) => value && onChange(value)} variant="pills" style={{ minWidth: 0 }}>
        <Tabs.List aria-label={t('language.tabs')}>
          {known.map((each) => {
            const open = each === design.language ? 0 : untranslated(design, each).length + toCheck(design, saved, each).length;
            return (
              <Tabs.Tab key={each} value={each} rightSection={open > 0 && <Badge size="sm" circle={open < 10} color="orange" variant="filled" autoContrast aria-label={t('language.open', { count: open })}>{open}</Badge>}>
                {languageName(each, i18n.language)}
              </Tabs.Tab>
            );
          })}
        </Tabs.List>
      </Tabs>
      {known.length <= MOST && (
        <Menu>
          <Menu.Target>
            <ActionIcon variant="subtle" aria-label={t('language.add')}>
              <IconPlus size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {OFFERED.filter((each) => !known.includes(each)).map((each) => (
              <Menu.Item key={each} onClick={() => add(each)}>{languageName(each, i18n.language)}</Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}
