import { Fieldset, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { LANGUAGES, currentLanguage } from '@/lib/i18n';

import { EXAMPLES, FORMS } from './unit';

type Names = Record<string, Record<string, string>>;

interface NamesFieldsProps {
  readonly value: Names;
  readonly onChange: (names: Names) => void;
}

/** The unit's word with numbers, in each language: “1 bean”, “100 beans”. */
export function NamesFields({ value, onChange }: NamesFieldsProps) {
  const { t } = useTranslation('programs');
  const own = currentLanguage();
  const languages = [own, ...LANGUAGES.filter((language) => language !== own)];
  return (
    <Fieldset legend={t('units.names')}>
      <Stack>
        <Text size="sm" c="dimmed">{t('units.namesHint')}</Text>
        {languages.map((language) => (
          <SimpleGrid key={language} cols={{ base: 2, xs: 3 }} spacing="xs">
            {(FORMS[language] ?? []).map((form) => (
              <TextInput
                key={form}
                size="xs"
                lang={language}
                dir="auto"
                maxLength={100}
                label={`${t(`common:languages.${language}`)} · ${new Intl.NumberFormat(language).format(EXAMPLES[form] ?? 0)} …`}
                value={value[language]?.[form] ?? ''}
                onChange={({ currentTarget }) => onChange({ ...value, [language]: { ...value[language], [form]: currentTarget.value } })}
              />
            ))}
          </SimpleGrid>
        ))}
      </Stack>
    </Fieldset>
  );
}
