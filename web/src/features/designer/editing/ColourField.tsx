import { Button, ColorInput, ColorSwatch, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { contrastFaults, isColour } from '../model/colours';
import type { Design } from '../model/design';

import { useDesk } from './desk';
import { Findings } from './Findings';

interface ColourFieldProps {
  readonly label: string;
  readonly path: string;
  readonly value: string | null;
  /** What is used while no colour is chosen; without it a colour is always needed. */
  readonly otherwise?: string;
  readonly set: (design: Design, colour: string | null) => Design;
}

const SWATCHES = ['#1b1b1f', '#5b3a29', '#7a1f2b', '#c2410c', '#b45309', '#3f6212', '#0b3d2e', '#0f766e', '#0c4a6e', '#1e3a8a', '#4c1d95', '#f8f1e7', '#ffffff'];

/** A colour, with its contrast told while it is chosen and mended with one press. */
export function ColourField({ label, path, value, otherwise, set }: ColourFieldProps) {
  const { t } = useTranslation('designer');
  const { design, change } = useDesk();
  const fault = contrastFaults(design).find((each) => each.path === path);
  return (
    <div>
      <ColorInput
        label={label}
        dir="ltr"
        value={value ?? ''}
        placeholder={otherwise}
        leftSection={<ColorSwatch size={18} color={value ?? otherwise ?? '#ffffff'} aria-hidden />}
        format="hex"
        swatches={SWATCHES}
        swatchesPerRow={13}
        popoverProps={{ position: 'top-start' }}
        eyeDropperButtonProps={{ 'aria-label': t('look.dropper') }}
        onChange={(colour) => {
          if (isColour(colour)) change((now) => set(now, colour.toLowerCase()), path);
          else if (colour === '' && otherwise !== undefined) change((now) => set(now, null), path);
        }}
      />
      <Findings path={path} />
      {fault && (
        <Group gap="xs" mt={4}>
          <Button size="compact-xs" variant="light" onClick={() => change((now) => set(now, fault.better))} leftSection={<span style={{ width: 12, height: 12, borderRadius: 6, background: fault.better, border: '1px solid currentcolor' }} />}>
            {t('look.mend')}
          </Button>
          <Text size="xs" c="dimmed" dir="ltr">{fault.better}</Text>
        </Group>
      )}
    </div>
  );
}
