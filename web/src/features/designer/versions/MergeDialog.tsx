import { Alert, Button, Group, Modal, Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Fault } from '@/ui/Fault';
import { PageSkeleton } from '@/ui/Page';

import styles from '../editing/designer.module.css';
import { type Design, designOf } from '../model/design';
import { type Conflict, merge } from '../model/difference';
import { showCard } from '../model/shown';
import { AppleCard } from '../preview/AppleCard';
import { versionQuery } from '../requests';
import { useImages } from '../useImages';
import { useFacts } from '../useSamples';

import { pieceName, pieceText } from './Differences';

interface MergeDialogProps {
  readonly templateId: string;
  readonly latest: number;
  /** What both began with. */
  readonly base: Design;
  readonly mine: Design;
  readonly onMerged: (merged: Design, theirs: Design, version: number) => void;
  readonly onClose: () => void;
}

/** Two people changed the design: both are shown, and put together piece by piece. */
export function MergeDialog({ templateId, latest, base, mine, onMerged, onClose }: MergeDialogProps) {
  const { t } = useTranslation('designer');
  const query = useQuery(versionQuery(templateId, latest));
  return (
    <Modal opened onClose={onClose} title={t('merge.title', { version: latest })} size="xl">
      {query.isError && <Fault fault={query.error} retry={() => void query.refetch()} />}
      {query.data ? <Merging base={base} mine={mine} theirs={designOf(query.data.content)} onMerged={(merged, theirs) => onMerged(merged, theirs, latest)} onClose={onClose} /> : <PageSkeleton />}
    </Modal>
  );
}

interface MergingProps {
  readonly base: Design;
  readonly mine: Design;
  readonly theirs: Design;
  readonly onMerged: (merged: Design, theirs: Design) => void;
  readonly onClose: () => void;
}

function Merging({ base, mine, theirs, onMerged, onClose }: MergingProps) {
  const { t } = useTranslation('designer');
  const both = useMemo(() => merge(base, mine, theirs), [base, mine, theirs]);
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const choose = (path: string, side: string) =>
    setTaken((now) => new Set(side === 'theirs' ? [...now, path] : [...now].filter((each) => each !== path)));
  return (
    <Stack>
      <Text>{t('merge.lead')}</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Side label={t('merge.mine')} design={mine} />
        <Side label={t('merge.theirs')} design={theirs} />
      </SimpleGrid>
      {both.conflicts.length === 0 ? (
        <Alert color="teal">{t('merge.noConflict')}</Alert>
      ) : (
        both.conflicts.map((conflict) => <ConflictChoice key={conflict.path} conflict={conflict} side={taken.has(conflict.path) ? 'theirs' : 'mine'} onChoose={choose} />)
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>{t('merge.later')}</Button>
        <Button onClick={() => onMerged(both.settle(taken), theirs)}>{t('merge.use')}</Button>
      </Group>
    </Stack>
  );
}

interface ConflictChoiceProps {
  readonly conflict: Conflict;
  readonly side: string;
  readonly onChoose: (path: string, side: string) => void;
}

function ConflictChoice({ conflict: { path, mine, theirs }, side, onChoose }: ConflictChoiceProps) {
  const { t } = useTranslation('designer');
  return (
    <Radio.Group label={pieceName(t, path, mine ?? theirs)} value={side} onChange={(value) => onChoose(path, value)}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt={4}>
        <Radio value="mine" label={t('merge.says', { side: t('merge.mine'), text: pieceText(t, mine, theirs) })} />
        <Radio value="theirs" label={t('merge.says', { side: t('merge.theirs'), text: pieceText(t, theirs, mine) })} />
      </SimpleGrid>
    </Radio.Group>
  );
}

function Side({ label, design }: { readonly label: string; readonly design: Design }) {
  const facts = useFacts(design, 'regular');
  const images = useImages(design.images);
  const card = useMemo(() => facts && showCard(design, facts, design.language), [design, facts]);
  return (
    <Stack gap={6} align="center" component="figure" m={0}>
      <Text component="figcaption" size="sm" fw={600}>{label}</Text>
      {card && (
        <div className={styles.miniature}>
          <AppleCard design={design} card={card} images={images} />
        </div>
      )}
    </Stack>
  );
}
