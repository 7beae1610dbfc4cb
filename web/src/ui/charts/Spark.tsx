import { useDirection } from '@mantine/core';

import { Marks } from './Marks';
import { type Point, largestOf, roundTop } from './shape';

interface SparkProps {
  readonly kind: 'bars' | 'line';
  readonly points: readonly Point[];
  readonly height?: number;
}

/** The run of a figure beside it. It adds nothing to what the text says, so it is silent for screen readers. */
export function Spark({ kind, points, height = 40 }: SparkProps) {
  const { dir } = useDirection();
  const frame = { width: 100, height: 40, rtl: dir === 'rtl' };
  return (
    <svg
      viewBox={`0 -2 ${frame.width} ${frame.height + 3}`}
      preserveAspectRatio="none"
      width="100%"
      height={height}
      aria-hidden
      style={{ display: 'block', overflow: 'visible' }}
    >
      <line
        x1={0}
        x2={frame.width}
        y1={frame.height}
        y2={frame.height}
        stroke="var(--mantine-color-default-border)"
        vectorEffect="non-scaling-stroke"
      />
      <Marks kind={kind} points={points} top={largestOf(points) || roundTop(0)} frame={frame} />
    </svg>
  );
}
