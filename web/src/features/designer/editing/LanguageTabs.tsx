import { ActionIcon, Badge, Group, Menu, Tabs } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { memo, useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { addLanguage, languageName, languagesOf, toCheck, untranslated } from '../model/texts';

import { useDesk, useHands } from './desk';

/** Languages that a wallet may be set to and that we can name; more can be given over the API. */
const OFFERED = ['en', 'fr', 'ar', 'es', 'de', 'it', 'nl', 'pt', 'tr', 'ru', 'zh'];
const MOST = 12;

interface LanguageTabsProps {
  readonly language: string;
  readonly onChange: (language: string) => void;
}

/** One tab per language of the card, with how much is still to be translated: counted when nobody waits for it. */
export function LanguageTabs({ language, onChange }: LanguageTabsProps) {
  const { design, saved } = useDesk();
  const counted = useDeferredValue(design);
  const open = useMemo(
    () => languagesOf(counted).map((each) => `${each}:${each === counted.language ? 0 : untranslated(counted, each).length + toCheck(counted, saved, each).length}`).join(' '),
    [counted, saved],
  );
  return <Tablist open={open} language={language} onChange={onChange} />;
}

/** `open` is each language with its count, as “en:0 fr:3”: the same text means nothing has changed. */
const Tablist = memo(function Tablist({ open, language, onChange }: LanguageTabsProps & { readonly open: string }) {
  const { t, i18n } = useTranslation('designer');
  const { change } = useHands();
  const counts = new Map(open.split(' ').map((each) => [each.split(':')[0] ?? '', Number(each.split(':')[1])]));
  const add = (added: string) => {
    change((now) => addLanguage(now, added));
    onChange(added);
  };
  return (
    <Group gap={4} wrap="nowrap" align="center">
      <Tabs value={language} onChange={(value) => value && onChange(value)} variant="pills" style={{ minWidth: 0 }}>
        <Tabs.List aria-label={t('language.tabs')}>
          {[...counts].map(([each, count]) => (
            <Tabs.Tab key={each} value={each} rightSection={count > 0 && <Badge size="sm" circle={count < 10} color="orange" variant="filled" autoContrast aria-label={t('language.open', { count })}>{count}</Badge>}>
              {languageName(each, i18n.language)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {counts.size <= MOST && (
        <Menu>
          <Menu.Target>
            <ActionIcon variant="subtle" aria-label={t('language.add')}>
              <IconPlus size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {OFFERED.filter((each) => !counts.has(each)).map((each) => (
              <Menu.Item key={each} onClick={() => add(each)}>{languageName(each, i18n.language)}</Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
});
