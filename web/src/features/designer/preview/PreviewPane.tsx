import { Group, SegmentedControl, Select, Skeleton, Stack, Text } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useDesk } from '../editing/desk';
import styles from '../editing/designer.module.css';
import { showCard } from '../model/shown';
import { useFacts, useSamples } from '../useSamples';

import { AppleCard } from './AppleCard';
import { AppleBack, GoogleBack, LockScreen } from './backs';
import cards from './cards.module.css';
import { GoogleCard } from './GoogleCard';

const FACES = ['front', 'back', 'lock'] as const;
type Face = (typeof FACES)[number];

interface PreviewPaneProps {
  readonly language: string;
  readonly sample: string;
  readonly onSample: (key: string) => void;
}

/** Both phones side by side, computed here from the design: what is typed is seen at once. */
export function PreviewPane({ language, sample, onSample }: PreviewPaneProps) {
  const { t } = useTranslation('designer');
  const { design, images, picked, pick } = useDesk();
  const [face, setFace] = useState<Face>('front');
  const [seen, setSeen] = useState(picked);
  if (seen !== picked) {
    // Whoever turns to a field of the back wants to see the back.
    setSeen(picked);
    const isBehind = design.fields.back.some(({ key }) => key === picked);
    if (picked !== null && face !== 'lock' && isBehind !== (face === 'back')) setFace(isBehind ? 'back' : 'front');
  }
  const facts = useFacts(design, sample);
  const card = useMemo(() => facts && showCard(design, facts, language), [design, facts, language]);
  const shared = card && { design, card, images, picked, onPick: pick };
  return (
    <Stack gap="sm" component="section" aria-label={t('preview.title')}>
      <Controls face={face} onFace={setFace} sample={sample} onSample={onSample} />
      <div className={styles.stage}>
        {shared ? (
          <div className={styles.cards}>
            <figure className={cards.frame} style={{ margin: 0 }}>
              {face === 'front' && <AppleCard {...shared} />}
              {face === 'back' && <AppleBack {...shared} />}
              {face === 'lock' && <LockScreen {...shared} wallet="apple" />}
              <Text component="figcaption" size="xs" c="dimmed">Apple Wallet</Text>
            </figure>
            <figure className={cards.frame} style={{ margin: 0 }}>
              {face === 'front' && <GoogleCard {...shared} />}
              {face === 'back' && <GoogleBack {...shared} />}
              {face === 'lock' && <LockScreen {...shared} wallet="google" />}
              <Text component="figcaption" size="xs" c="dimmed">Google Wallet</Text>
            </figure>
          </div>
        ) : (
          <div className={styles.cards} aria-busy="true">
            <Skeleton w={320} h={430} radius="md" />
            <Skeleton w={320} h={430} radius={26} />
          </div>
        )}
      </div>
    </Stack>
  );
}

interface ControlsProps {
  readonly face: Face;
  readonly onFace: (face: Face) => void;
  readonly sample: string;
  readonly onSample: (key: string) => void;
}

/** Which side of the card is shown, and whose. */
const Controls = memo(function Controls({ face, onFace, sample, onSample }: ControlsProps) {
  const { t } = useTranslation('designer');
  const samples = useSamples().data ?? [];
  return (
    <Group justify="space-between" gap="sm">
      <SegmentedControl size="xs" value={face} onChange={onFace} data={FACES.map((value) => ({ value, label: t(`preview.${value}`) }))} aria-label={t('preview.side')} />
      <Select size="xs" w={200} aria-label={t('preview.customer')} value={sample} allowDeselect={false} onChange={(key) => key && onSample(key)} data={samples.map(({ key }) => ({ value: key, label: t(`sample.${key}`) }))} />
    </Group>
  );
});
