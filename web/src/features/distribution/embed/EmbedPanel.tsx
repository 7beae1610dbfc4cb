import { Alert, Button, Code, CopyButton, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { LANGUAGES, i18n } from '@/lib/i18n';
import { useMe } from '@/lib/session';
import { Beside } from '@/ui/Beside';
import { Section } from '@/ui/Section';

import styles from '../Distribution.module.css';
import { ColourChoice } from '../poster/ColourChoice';
import { isWeak } from '../poster/poster';
import type { JoinLink } from '../requests';

import { Origins } from './Origins';
import { ScriptTrial } from './ScriptTrial';
import { type Choice, buttonAddress, buttonCode, buttonStyle, frameAddress, frameCode, scriptCode } from './code';

const KINDS = ['script', 'button', 'frame'] as const;
type Kind = (typeof KINDS)[number];

/** Code for the merchant's own site, with what it does beside it. */
export function EmbedPanel({ link }: { readonly link: JoinLink }) {
  const { t } = useTranslation('distribution');
  const { t: common } = useTranslation();
  const brand = useMe().data?.organization.brand;
  const [kind, setKind] = useState<Kind>('script');
  const [language, setLanguage] = useState<string>(i18n.language);
  const [text, setText] = useState<string | null>(null);
  const [background, setBackground] = useState<string | null>(null);
  const [foreground, setForeground] = useState<string | null>(null);
  const own = { background: brand?.background ?? '#5b3a29', foreground: brand?.foreground ?? '#ffffff' };
  const choice: Choice = {
    text: text ?? t('embed.buttonText', { lng: language }),
    background: background ?? own.background,
    foreground: foreground ?? own.foreground,
    language,
  };
  const code = { script: () => scriptCode(link.url, choice), button: () => buttonCode(link.url, choice), frame: () => frameCode(link.embed_url, choice) }[kind]();
  return (
    <Beside aside={<TryOut link={link} kind={kind} choice={choice} />}>
      <Stack>
        <Section title={t('embed.title')} lead={t('embed.lead')}>
          <SegmentedControl aria-label={t('embed.kind')} data={KINDS.map((each) => ({ value: each, label: t(`embed.kinds.${each}`) }))} value={kind} onChange={setKind} style={{ alignSelf: 'flex-start' }} />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label={t(kind === 'frame' ? 'embed.frameTitle' : 'embed.text')} maxLength={60} value={choice.text} onChange={({ currentTarget }) => setText(currentTarget.value)} />
            <Select label={t('poster.language')} allowDeselect={false} data={LANGUAGES.map((each) => ({ value: each, label: common(`languages.${each}`) }))} value={language} onChange={(each) => each && setLanguage(each)} />
            <ColourChoice label={t('poster.background')} value={background} otherwise={own.background} onChange={setBackground} />
            <ColourChoice label={t('poster.foreground')} value={foreground} otherwise={own.foreground} onChange={setForeground} />
          </SimpleGrid>
          {isWeak(choice.background, choice.foreground) && (
            <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} role="status">{t('embed.weak')}</Alert>
          )}
          <Text fw={600} size="sm" id="embed-code">{t('embed.code')}</Text>
          <Code block dir="ltr" tabIndex={0} aria-labelledby="embed-code" role="region" data-testid="code">{code}</Code>
          <CopyButton value={code}>
            {({ copied, copy }) => (
              <Button onClick={copy} leftSection={copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />} style={{ alignSelf: 'flex-start' }}>
                {copied ? common('copied') : t('embed.copy')}
              </Button>
            )}
          </CopyButton>
          <Text size="sm" c="dimmed">{t(`embed.${kind}Hint`)}</Text>
        </Section>
        {kind !== 'button' && <Origins link={link} />}
      </Stack>
    </Beside>
  );
}

interface TryOutProps {
  readonly link: JoinLink;
  readonly kind: Kind;
  readonly choice: Choice;
}

function TryOut({ link, kind, choice }: TryOutProps) {
  const { t } = useTranslation('distribution');
  const [settled] = useDebouncedValue(choice, 300);
  const address = frameAddress(new URL(link.embed_url).pathname, settled);
  return (
    <Section title={t('embed.tryOut')} lead={t(`embed.try.${kind}`)}>
      <div className={styles.canvas}>
        {kind === 'script' && <ScriptTrial link={link} choice={settled} />}
        {kind === 'button' && (
          <a href={buttonAddress(link.url, choice)} target="_blank" rel="noopener" lang={choice.language} dir="auto" style={buttonStyle(choice)}>
            {choice.text}
          </a>
        )}
        {kind === 'frame' && <iframe key={address} className={styles.frame} src={address} title={choice.text} />}
      </div>
    </Section>
  );
}
