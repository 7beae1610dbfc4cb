import { Alert, Radio, Select, SimpleGrid, Stack, Switch, Text, TextInput, Textarea } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import { LANGUAGES, direction } from '@/lib/i18n';
import { Section } from '@/ui/Section';

import styles from '../Distribution.module.css';

import { ColourChoice } from './ColourChoice';
import { type Design, STEPS, SIZES, hasSteps, isWeak } from './poster';

interface PosterFieldsProps {
  readonly design: Design;
  readonly set: (change: Partial<Design>) => void;
  readonly kept: Schemas['PosterOut'];
}

/** What can be chosen; what is left empty is shown as it will be. */
export function PosterFields(props: PosterFieldsProps) {
  const { t } = useTranslation('distribution');
  const { t: common } = useTranslation();
  const { design, set, kept } = props;
  return (
    <>
      <Section title={t('poster.paper')}>
        <Radio.Group label={t('poster.size')} value={design.size} onChange={(size) => set({ size: SIZES.find((each) => each === size) ?? 'a4' })}>
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} mt={6} spacing="xs">
            {SIZES.map((size) => (
              <Radio.Card key={size} className={styles.paper ?? ''} value={size} p="sm" radius="md" aria-label={t(`poster.sizes.${size}`)}>
                <Text size="sm" fw={600}>{t(`poster.sizes.${size}`)}</Text>
                <Text size="xs" c="dimmed">{t(`poster.sizeHint.${size}`)}</Text>
              </Radio.Card>
            ))}
          </SimpleGrid>
        </Radio.Group>
        <Select label={t('poster.language')} allowDeselect={false} maw={260} data={LANGUAGES.map((language) => ({ value: language, label: common(`languages.${language}`) }))} value={design.lang ?? kept.lang} onChange={(language) => set({ lang: LANGUAGES.find((each) => each === language) ?? null })} />
        <Switch label={t('poster.cropMarks')} description={t('poster.cropMarksHint')} checked={design.crop_marks} onChange={({ currentTarget }) => set({ crop_marks: currentTarget.checked })} />
      </Section>
      <Words {...props} />
      <Colours {...props} />
    </>
  );
}

function Words({ design, set, kept }: PosterFieldsProps) {
  const { t } = useTranslation('distribution');
  const language = design.lang ?? kept.lang;
  const words = kept.words[language];
  const dir = direction(language);
  return (
    <Section title={t('poster.words')} lead={t('poster.wordsLead')}>
      <TextInput label={t('poster.headline')} maxLength={80} dir={dir} placeholder={words?.headline ?? ''} value={design.headline ?? ''} onChange={({ currentTarget }) => set({ headline: currentTarget.value || null })} />
      <Textarea label={t('poster.text')} maxLength={160} dir={dir} autosize minRows={2} placeholder={words?.text ?? ''} value={design.text ?? ''} onChange={({ currentTarget }) => set({ text: currentTarget.value || null })} />
      <TextInput label={t('poster.call')} maxLength={60} dir={dir} placeholder={words?.call ?? ''} value={design.call ?? ''} onChange={({ currentTarget }) => set({ call: currentTarget.value || null })} />
      {hasSteps(design) && (
        <Stack gap="xs">
          <Switch label={t('poster.showSteps')} checked={design.show_steps} onChange={({ currentTarget }) => set({ show_steps: currentTarget.checked })} />
          {design.show_steps &&
            STEPS.map((step, index) => (
              <TextInput key={step} label={t('poster.step', { number: index + 1 })} maxLength={60} dir={dir} placeholder={words?.[step] ?? ''} value={design[step] ?? ''} onChange={({ currentTarget }) => set({ [step]: currentTarget.value || null })} />
            ))}
        </Stack>
      )}
      {kept.place && <Switch label={t('poster.showPlace', { place: kept.place })} checked={design.show_place} onChange={({ currentTarget }) => set({ show_place: currentTarget.checked })} />}
    </Section>
  );
}

function Colours({ design, set, kept }: PosterFieldsProps) {
  const { t } = useTranslation('distribution');
  const background = design.background ?? kept.background;
  const foreground = design.foreground ?? kept.foreground;
  return (
    <Section title={t('poster.colours')} lead={t('poster.coloursLead')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <ColourChoice label={t('poster.background')} value={design.background} otherwise={kept.background} onChange={(colour) => set({ background: colour })} />
        <ColourChoice label={t('poster.foreground')} value={design.foreground} otherwise={kept.foreground} onChange={(colour) => set({ foreground: colour })} />
      </SimpleGrid>
      {isWeak(background, foreground) && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} role="status">{t('poster.weak')}</Alert>
      )}
      <Switch label={t('poster.showLogo')} description={kept.has_logo ? null : t('qr.noLogo')} disabled={!kept.has_logo} checked={kept.has_logo && design.show_logo} onChange={({ currentTarget }) => set({ show_logo: currentTarget.checked })} />
    </Section>
  );
}
