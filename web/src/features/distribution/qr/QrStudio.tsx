import { Alert, Button, ColorInput, Group, SegmentedControl, SimpleGrid, Slider, Stack, Switch, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle, IconCircleCheck, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMe } from '@/lib/session';
import { Beside } from '@/ui/Beside';
import { Section } from '@/ui/Section';

import styles from '../Distribution.module.css';

import { type Look, PLAIN, addressOf, isColour, warningsOf } from './look';

const LEVELS = ['l', 'm', 'q', 'h'] as const;
const SIZES = ['512', '1024', '2000'] as const;
const KINDS = ['svg', 'png'] as const;

/** The code of a link, as it will be printed, and the files of it. */
export function QrStudio({ base, name }: { readonly base: string; readonly name: string }) {
  const { t } = useTranslation('distribution');
  const [look, setLook] = useState<Look>(PLAIN);
  const hasLogo = Boolean(useMe().data?.organization.brand.logo);
  const set = (change: Partial<Look>) => setLook((before) => ({ ...before, ...change }));
  const warnings = warningsOf(look);
  const [shown] = useDebouncedValue(look, 150);
  const preview = (
    <Stack>
      <div className={styles.canvas}>
        <img className={styles.sheet} src={addressOf(base, 'svg', shown)} alt={t('qr.alt', { name })} width={320} height={320} />
      </div>
      {warnings.length === 0 ? (
        <Alert color="teal" icon={<IconCircleCheck aria-hidden />}>{t('qr.fine')}</Alert>
      ) : (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={t('qr.warning')} role="status">
          <Stack gap={4}>{warnings.map((warning) => <Text key={warning} size="sm">{t(`qr.warn.${warning}`)}</Text>)}</Stack>
        </Alert>
      )}
      <Group>
        {KINDS.map((kind) => (
          <Button key={kind} component="a" href={addressOf(base, kind, look)} download={`qr-${name}.${kind}`} variant={kind === 'svg' ? 'filled' : 'default'} leftSection={<IconDownload size={18} aria-hidden />}>
            {t(`qr.download.${kind}`)}
          </Button>
        ))}
      </Group>
      <Text size="sm" c="dimmed">{t('qr.formats')}</Text>
    </Stack>
  );
  return (
    <Beside aside={preview}>
      <Section title={t('qr.title')} lead={t('qr.lead')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {(['dark', 'light'] as const).map((each) => (
            <ColourInput key={each} label={t(`qr.${each}`)} value={look[each]} onChange={(colour) => set({ [each]: colour })} />
          ))}
        </SimpleGrid>
        <Named label={t('qr.size')} hint={t('qr.sizeHint')}>
          <SegmentedControl aria-label={t('qr.size')} data={[...SIZES]} value={String(look.size)} onChange={(size) => set({ size: Number(size) })} />
        </Named>
        <Named label={t('qr.quiet')} hint={t('qr.quietHint')}>
          <Slider thumbLabel={t('qr.quiet')} min={0} max={10} step={1} value={look.quiet} onChange={(quiet) => set({ quiet })} marks={[{ value: 4, label: '4' }]} mb="md" maw={320} />
        </Named>
        <Named label={t('qr.error')} hint={t('qr.errorHint')}>
          <SegmentedControl aria-label={t('qr.error')} data={LEVELS.map((level) => ({ value: level, label: t(`qr.level.${level}`) }))} value={look.error} onChange={(error) => set({ error })} />
        </Named>
        <Switch label={t('qr.logo')} description={t(hasLogo ? 'qr.logoHint' : 'qr.noLogo')} disabled={!hasLogo} checked={look.logo} onChange={({ currentTarget }) => set({ logo: currentTarget.checked, ...(currentTarget.checked && look.error !== 'h' ? { error: 'q' } : {}) })} />
      </Section>
    </Beside>
  );
}

function Named({ label, hint, children }: { readonly label: string; readonly hint: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <Text fw={500} size="sm">{label}</Text>
      <Text size="xs" c="dimmed" mb={6}>{hint}</Text>
      {children}
    </div>
  );
}

interface ColourInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (colour: string) => void;
}

/** A colour; what is typed counts once it is one. */
function ColourInput({ label, value, onChange }: ColourInputProps) {
  const [typed, setTyped] = useState(value);
  return (
    <ColorInput
      label={label}
      dir="ltr"
      format="hex"
      withEyeDropper={false}
      value={typed}
      error={isColour(typed) ? null : '#rrggbb'}
      onChange={(colour) => {
        setTyped(colour);
        if (isColour(colour)) onChange(colour.toLowerCase());
      }}
    />
  );
}
