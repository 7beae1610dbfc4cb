import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { type Design, designOf } from '../model/design';
import { showCard } from '../model/shown';
import { AppleCard } from '../preview/AppleCard';
import cards from '../preview/cards.module.css';
import { versionQuery } from '../requests';
import { useImages } from '../useImages';
import { useFacts } from '../useSamples';

interface ThumbnailProps {
  readonly templateId: string;
  readonly version: number;
}

/** A design as a small picture of its card. */
export function Thumbnail({ templateId, version }: ThumbnailProps) {
  const { data: known } = useQuery(versionQuery(templateId, version));
  const design = useMemo(() => known && designOf(known.content), [known]);
  return design ? <Miniature design={design} /> : <Skeleton w={166} h={224} />;
}

export function Miniature({ design }: { readonly design: Design }) {
  const facts = useFacts(design, 'regular');
  const images = useImages(design.images);
  const card = useMemo(() => facts && showCard(design, facts, design.language), [design, facts]);
  if (!card) return <Skeleton w={166} h={224} />;
  return (
    <div className={cards.thumb} aria-hidden inert>
      <AppleCard design={design} card={card} images={images} />
    </div>
  );
}
