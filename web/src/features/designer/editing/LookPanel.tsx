import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Switch, Title, Tooltip, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { LABEL_CONTRAST, TEXT_CONTRAST, mix, readable, readableOn } from '../model/colours';
import { type Design, type Stamps, newStamps } from '../model/design';

import { ColourField } from './ColourField';
import { useDesk } from './desk';
import { Findings } from './Findings';
import { GoalOfProgram } from './GoalOfProgram';

const GROUNDS = ['#5b3a29', '#1f2937', '#0b3d2e', '#1e3a8a', '#7a1f2b', '#4c1d95', '#c2410c', '#f4ead9', '#ffffff'];
const SHAPES = ['cup', 'star', 'heart', 'circle', 'check', 'image'] as const satisfies readonly Stamps['shape'][];
const MOST = 30;

/** A whole set of colours that goes with a background: every text on it can be read. */
export function palette(background: string): Design['colours'] {
  const ink = readableOn(background);
  return {
    background,
    foreground: readable(mix(ink, background, 0.04), background, TEXT_CONTRAST),
    label: readable(mix(ink, background, 0.3), background, LABEL_CONTRAST),
    strip: mix(background, ink, 0.06),
  };
}

const coloured = (name: keyof Design['colours']) => (design: Design, colour: string | null): Design => ({
  ...design,
  colours: { ...design.colours, [name]: colour ?? (name === 'strip' ? null : design.colours[name]) },
});

/** Colours and drawn stamps. */
export function LookPanel() {
  const { t } = useTranslation('designer');
  const { design, change } = useDesk();
  const { colours } = design;
  return (
    <Stack gap="md">
      <Title order={2} size="h6">{t('look.colours')}</Title>
      <Group gap={8} role="group" aria-label={t('look.palettes')}>
        {GROUNDS.map((ground) => (
          <Tooltip key={ground} label={t('look.palette', { colour: ground })}>
            <UnstyledButton aria-label={t('look.palette', { colour: ground })} onClick={() => change((now) => ({ ...now, colours: palette(ground) }))} style={{ width: 34, height: 34, borderRadius: 17, background: ground, border: `4px solid ${palette(ground).label}` }} />
          </Tooltip>
        ))}
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <ColourField label={t('colour.background')} path="colours.background" value={colours.background} set={coloured('background')} />
        <ColourField label={t('colour.foreground')} path="colours.foreground" value={colours.foreground} set={coloured('foreground')} />
        <ColourField label={t('colour.label')} path="colours.label" value={colours.label} set={coloured('label')} />
        <ColourField label={t('colour.strip')} path="colours.strip" value={colours.strip} otherwise={colours.background} set={coloured('strip')} />
      </SimpleGrid>
      {design.kind === 'stamps' && <StampsForm />}
    </Stack>
  );
}

/** How many stamps, of which shape, in which colours. */
function StampsForm() {
  const { t } = useTranslation('designer');
  const { design, change } = useDesk();
  const { stamps, colours } = design;
  const set = (changed: Partial<Stamps>, mark?: string) => change((now) => ({ ...now, stamps: { ...(now.stamps ?? newStamps()), ...changed } }), mark);
  const inStamps = (name: 'filled' | 'empty') => (now: Design, colour: string | null): Design => (now.stamps ? { ...now, stamps: { ...now.stamps, [name]: colour } } : now);
  return (
    <>
      <Group justify="space-between">
        <Title order={2} size="h6">{t('stamps.title')}</Title>
        <Switch label={t('stamps.drawn')} checked={stamps !== null} onChange={({ currentTarget: { checked } }) => change((now) => ({ ...now, stamps: checked ? newStamps() : null }))} />
      </Group>
      <Findings path="stamps" />
      {stamps && (
        <>
          <Group gap={6} role="group" aria-label={t('stamps.shape')}>
            {SHAPES.map((shape) => (
              <Button key={shape} size="compact-sm" variant={stamps.shape === shape ? 'filled' : 'default'} aria-pressed={stamps.shape === shape} onClick={() => set({ shape })}>
                {t(`shape.${shape}`)}
              </Button>
            ))}
          </Group>
          <Findings path="images.stamp" />
          <GoalOfProgram goal={stamps.goal} most={MOST} onDraw={(goal) => set({ goal })} />
          <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm" style={{ alignItems: 'end' }}>
            <NumberInput label={t('stamps.goal')} description={t('stamps.goalHint')} value={stamps.goal} min={1} max={MOST} clampBehavior="strict" allowDecimal={false} onChange={(goal) => typeof goal === 'number' && goal >= 1 && goal <= MOST && set({ goal }, 'stamps.goal')} />
            <ColourField label={t('stamps.filled')} path="stamps.filled" value={stamps.filled} otherwise={colours.foreground} set={inStamps('filled')} />
            <ColourField label={t('stamps.empty')} path="stamps.empty" value={stamps.empty} otherwise={colours.label} set={inStamps('empty')} />
          </SimpleGrid>
        </>
      )}
    </>
  );
}

/** A select of the kinds that cards of this one may become. */
export function KindSelect() {
  const { t } = useTranslation('designer');
  const { design, change } = useDesk();
  const loyalty = ['stamps', 'points', 'membership'] as const;
  if (!loyalty.some((kind) => kind === design.kind)) return null;
  return (
    <Select label={t('text.kind')} description={t('textHint.kind')} value={design.kind} allowDeselect={false} data={loyalty.map((value) => ({ value, label: t(`kind.${value}`) }))} onChange={(kind) => kind && change((now) => ({ ...now, kind: kind, stamps: kind === 'stamps' ? (now.stamps ?? newStamps()) : null }))} />
  );
}
