import { Skeleton } from '@mantine/core';
import { useMemo } from 'react';

import { type Content, designOf } from '../model/design';
import { showCard } from '../model/shown';
import { useImages } from '../useImages';
import { useFacts } from '../useSamples';

import { AppleCard } from './AppleCard';
import styles from './cards.module.css';
import { GoogleCard } from './GoogleCard';

export interface CardPairProps {
  readonly content: Content;
  /** Pictures that are no uploads yet, by their place. */
  readonly pictures?: Readonly<Record<string, string>>;
  /** What is known already instead of the sample's, such as `reward.name`. */
  readonly known?: Readonly<Record<string, string>>;
}

/** The front of a card in both wallets, for pages that show a design without editing it. */
export function CardPair({ content, pictures, known }: CardPairProps) {
  const design = useMemo(() => designOf(content), [content]);
  const kept = useImages(design.images);
  const sample = useFacts(design, 'regular');
  const card = useMemo(() => sample && showCard(design, new Map([...sample, ...Object.entries(known ?? {})]), design.language), [design, sample, known]);
  const images = useMemo(() => ({ ...kept, ...pictures }), [kept, pictures]);
  if (!card) {
    return (
      <>
        <Skeleton w={320} h={430} radius="md" />
        <Skeleton w={320} h={430} radius={26} />
      </>
    );
  }
  return (
    <>
      <figure className={styles.frame} style={{ margin: 0 }}>
        <AppleCard design={design} card={card} images={images} />
        <figcaption className={styles.caption}>Apple Wallet</figcaption>
      </figure>
      <figure className={styles.frame} style={{ margin: 0 }}>
        <GoogleCard design={design} card={card} images={images} />
        <figcaption className={styles.caption}>Google Wallet</figcaption>
      </figure>
    </>
  );
}
