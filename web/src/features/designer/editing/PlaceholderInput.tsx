import { ActionIcon, Menu, ScrollArea, Text, TextInput, Textarea, Tooltip } from '@mantine/core';
import { IconVariablePlus } from '@tabler/icons-react';
import { memo, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { useHands } from './desk';
import styles from './designer.module.css';
import { Findings } from './Findings';
import { Rendered } from './Rendered';

interface PlaceholderInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly path?: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly isLong?: boolean;
  readonly maxLength?: number;
  readonly dir?: 'auto' | 'ltr' | 'rtl';
  readonly lang?: string;
  readonly isPlain?: boolean;
}

/** A text of the card; placeholders are picked from a list and put where the cursor stands. */
export const PlaceholderInput = memo(function PlaceholderInput({ label, value, onChange, path, description, placeholder, isLong, maxLength = 300, dir = 'auto', lang, isPlain = false }: PlaceholderInputProps) {
  const { t } = useTranslation('designer');
  const { placeholders } = useHands();
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const caret = useRef<readonly [start: number, end: number] | null>(null); // nowhere until somebody was in the text
  const remember = ({ currentTarget: { selectionStart, selectionEnd } }: { readonly currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
    caret.current = [selectionStart ?? value.length, selectionEnd ?? value.length];
  };
  const insert = (name: string) => {
    const field = input.current;
    const [start, end] = caret.current ?? [value.length, value.length];
    const put = `{{ ${name} }}`;
    onChange(value.slice(0, start) + put + value.slice(end));
    window.setTimeout(() => {
      field?.focus();
      field?.setSelectionRange(start + put.length, start + put.length);
    });
  };
  const picker = isPlain ? undefined : (
    <Menu position="bottom-end" width={290} returnFocus>
      <Menu.Target>
        <Tooltip label={t('placeholder.add')}>
          <ActionIcon variant="subtle" aria-label={t('placeholder.addTo', { label })}>
            <IconVariablePlus size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <ScrollArea.Autosize mah={300} type="auto">
          {placeholders.map(({ name, meaning, sample }) => (
            <Menu.Item key={name} onClick={() => insert(name)} rightSection={<Text size="xs" c="dimmed" maw={110} truncate dir="auto">{sample}</Text>}>
              {meaning}
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
  const shared = {
    ref: input, label, value, description, placeholder, maxLength, dir, lang,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => onChange(event.currentTarget.value),
    onSelect: remember,
    rightSection: picker,
  }; // prettier-ignore
  return (
    <div>
      {isLong ? <Textarea {...shared} rows={2} classNames={{ input: styles.long ?? '' }} /> : <TextInput {...shared} />}
      {!isPlain && <Rendered source={value} language={lang} />}
      {path !== undefined && <Findings path={path} />}
    </div>
  );
});
