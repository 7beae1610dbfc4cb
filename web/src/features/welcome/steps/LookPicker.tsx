import { Radio, Stack, Text } from '@mantine/core';
import { IconCheck, IconCircle, IconCoffee, IconHeartFilled, IconPhotoOff, IconStarFilled, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { type Change, type Draft, STAMPS, type Stamp } from '../model/draft';
import { PALETTES, paletteOf } from '../model/palettes';
import { PATTERNS, patternAddress } from '../model/patterns';
import styles from '../welcome.module.css';

interface LookPickerProps {
  readonly draft: Draft;
  readonly brand: string;
  readonly hasStamps: boolean;
  readonly onChange: Change;
}

const ICONS: Readonly<Record<Stamp, Icon>> = { cup: IconCoffee, star: IconStarFilled, heart: IconHeartFilled, check: IconCheck, circle: IconCircle };

/** A few looks that all go well: colours, and stamps or a picture. */
export function LookPicker({ draft, brand, hasStamps, onChange }: LookPickerProps) {
  const { t } = useTranslation('welcome');
  const colours = paletteOf(draft.palette, brand);
  return (
    <>
      <Radio.Group label={t('card.colours')} value={draft.palette} onChange={(name) => onChange({ palette: PALETTES.find((known) => known === name) ?? 'brand' })}>
        <div className={styles.looks} style={{ marginTop: 8 }}>
          {PALETTES.map((name) => {
            const { background, foreground, label } = paletteOf(name, brand);
            return (
              <Radio.Card key={name} value={name} className={styles.look ?? ''} aria-label={t(`palette.${name}`)}>
                <span className={styles.lookColours} style={{ background }}>
                  <span style={{ width: 34, height: 8, borderRadius: 4, background: foreground }} />
                  <span style={{ width: 20, height: 8, borderRadius: 4, background: label }} />
                </span>
                <Text size="sm" ta="center" mt={6}>{t(`palette.${name}`)}</Text>
              </Radio.Card>
            );
          })}
        </div>
      </Radio.Group>
      {hasStamps ? (
        <Radio.Group label={t('card.stamps')} value={draft.stamp} onChange={(name) => onChange({ stamp: STAMPS.find((known) => known === name) ?? 'cup' })}>
          <div className={styles.marks} style={{ marginTop: 8 }}>
            {STAMPS.map((name) => {
              const Symbol = ICONS[name];
              return (
                <Radio.Card key={name} value={name} className={styles.mark ?? ''} aria-label={t(`stamp.${name}`)} style={{ background: colours.strip, color: colours.foreground }}>
                  <Symbol size={26} aria-hidden />
                </Radio.Card>
              );
            })}
          </div>
        </Radio.Group>
      ) : (
        <Radio.Group label={t('card.picture')} value={draft.pattern ?? ''} onChange={(name) => onChange({ pattern: PATTERNS.find((known) => known === name) ?? null })}>
          <div className={styles.marks} style={{ marginTop: 8 }}>
            {PATTERNS.map((name) => (
              <Radio.Card key={name} value={name} className={styles.pattern ?? ''} aria-label={t(`pattern.${name}`)}>
                <img src={patternAddress(name, colours, 'strip')} alt="" />
              </Radio.Card>
            ))}
            <Radio.Card value="" className={styles.pattern ?? ''} aria-label={t('pattern.none')} style={{ display: 'grid', placeItems: 'center' }}>
              <IconPhotoOff size={22} stroke={1.5} aria-hidden />
            </Radio.Card>
          </div>
        </Radio.Group>
      )}
      <Stack gap={2}>
        <Text size="xs" c="dimmed">{t('card.readable')}</Text>
      </Stack>
    </>
  );
}
