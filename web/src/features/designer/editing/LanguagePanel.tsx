import { Alert, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { direction } from '@/lib/i18n';

import { type PlacedText, languageName, removeLanguage, textsOf, toCheck, translate, translation, untranslated } from '../model/texts';

import { useDesk } from './desk';
import { FindingList } from './Findings';
import { PlaceholderInput } from './PlaceholderInput';

interface LanguagePanelProps {
  readonly language: string;
  readonly onRemoved: () => void;
}

/** The card's texts with their translations into one language; what is missing or older than its text is marked. */
export function LanguagePanel({ language, onRemoved }: LanguagePanelProps) {
  const { t, i18n } = useTranslation('designer');
  const { design, saved, change } = useDesk();
  const name = languageName(language, i18n.language);
  const missing = new Set(untranslated(design, language).map(({ text }) => text));
  const stale = new Set(toCheck(design, saved, language).map(({ text }) => text));
  const remove = () => {
    change((now) => removeLanguage(now, language));
    onRemoved();
  };
  return (
    <Stack gap="sm">
      {missing.size === 0 ? (
        <Alert color="teal" icon={<IconCircleCheck aria-hidden />}>{t('language.whole', { name })}</Alert>
      ) : (
        <Text size="sm">{t('language.missing', { count: missing.size, name })}</Text>
      )}
      {textsOf(design).map((each) => (
        <TranslationRow key={each.path} text={each} language={language} isMissing={missing.has(each.text)} isStale={stale.has(each.text)} />
      ))}
      <Button variant="subtle" color="red" size="compact-sm" style={{ alignSelf: 'flex-start' }} onClick={remove}>
        {t('language.remove', { name })}
      </Button>
    </Stack>
  );
}

interface TranslationRowProps {
  readonly text: PlacedText;
  readonly language: string;
  readonly isMissing: boolean;
  readonly isStale: boolean;
}

function TranslationRow({ text: { path, text, isName }, language, isMissing, isStale }: TranslationRowProps) {
  const { t } = useTranslation('designer');
  const { design, change, findings } = useDesk();
  const place = `translations.${language}.${text.slice(0, 40)}`;
  return (
    <Paper withBorder p="sm" data-missing={isMissing || undefined}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" mb={6}>
        <Text size="sm" lang={design.language} dir="auto" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{text}</Text>
        {isMissing && <Badge color="orange" variant="light" tt="none" style={{ flex: 'none' }}>{t('language.toTranslate')}</Badge>}
        {isStale && <Badge color="blue" variant="light" tt="none" style={{ flex: 'none' }}>{t('language.toCheck')}</Badge>}
        {isName && !isStale && <Badge color="gray" variant="light" tt="none" style={{ flex: 'none' }}>{t('language.name')}</Badge>}
      </Group>
      <PlaceholderInput
        label={t('language.translation')}
        value={translation(design, language, text) ?? ''}
        placeholder={isName ? text : ''}
        isLong
        maxLength={2000}
        dir={direction(language)}
        lang={language}
        onChange={(translated) => change((now) => translate(now, language, text, translated), `${language}.${path}`)}
      />
      <FindingList findings={findings.filter((each) => each.path === place)} />
    </Paper>
  );
}
