import { Button, Collapse, Stack, TextInput, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLanguage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { LANGUAGES } from '@/lib/i18n';

type Texts = Readonly<Record<string, string>>;

interface TranslatedInputProps {
  readonly label: string;
  readonly value: string;
  readonly texts: Texts;
  readonly onChange: (value: string, texts: Record<string, string>) => void;
  readonly description?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly error?: string | undefined;
  readonly long?: boolean;
}

/** A text as the shop writes it, and in the languages of its customers where it differs. */
export function TranslatedInput({ label, value, texts, onChange, long = false, maxLength = 100, ...input }: TranslatedInputProps) {
  const { t } = useTranslation();
  const [isOpen, { toggle }] = useDisclosure(Object.keys(texts).length > 0);
  const Field = long ? Textarea : TextInput;
  const shape = { maxLength, dir: 'auto', ...(long ? { autosize: true, minRows: 2 } : {}) };
  const put = (language: string, text: string) => {
    const others = Object.fromEntries(Object.entries(texts).filter(([tag]) => tag !== language));
    onChange(value, text === '' ? others : { ...others, [language]: text });
  };
  return (
    <Stack gap={4}>
      <Field label={label} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value, { ...texts })} {...input} {...shape} />
      <Button
        variant="subtle"
        size="compact-xs"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconLanguage size={14} aria-hidden />}
        aria-expanded={isOpen}
        onClick={toggle}
      >
        {t('otherLanguages')}
      </Button>
      <Collapse expanded={isOpen}>
        <Stack gap="xs" ps="md">
          {LANGUAGES.map((language) => (
            <Field
              key={language}
              size="xs"
              label={`${label} · ${t(`languages.${language}`)}`}
              lang={language}
              value={texts[language] ?? ''}
              onChange={({ currentTarget }) => put(language, currentTarget.value)}
              {...shape}
            />
          ))}
        </Stack>
      </Collapse>
    </Stack>
  );
}
