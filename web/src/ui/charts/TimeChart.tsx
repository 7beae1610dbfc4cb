import { Box, Group, Text, useDirection } from '@mantine/core';
import { type PointerEvent, useId, useState } from 'react';

import { day as longDay } from '@/lib/format';
import { shortDay } from '@/lib/days';

import { Marks } from './Marks';
import { type Point, across, down, largestOf, roundTop } from './shape';

interface TimeChartProps {
  readonly title: string;
  readonly kind: 'bars' | 'line';
  readonly points: readonly Point[];
  readonly format: (value: number) => string;
}

/** A figure day by day, with an axis and the day under the pointer. Give the table of the same values beside it. */
export function TimeChart({ title, kind, points, format }: TimeChartProps) {
  const { dir } = useDirection();
  const heading = useId();
  const [near, setNear] = useState<number | null>(null);
  const frame = { width: 100, height: 50, rtl: dir === 'rtl' };
  const top = roundTop(largestOf(points));
  const shown = near ?? points.length - 1;
  const point = points[shown];
  const follow = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    const index = Math.floor((frame.rtl ? 1 - part : part) * points.length);
    setNear(Math.min(Math.max(index, 0), points.length - 1));
  };
  return (
    <Box>
      <Group justify="space-between" mb={4} gap="xs">
        <Text size="xs" c="dimmed">
          {format(top)}
        </Text>
        {point && (
          <Text size="sm" fw={600}>
            {longDay(`${point.day}T12:00:00Z`, 'UTC')} · {point.value === null ? '—' : format(point.value)}
          </Text>
        )}
      </Group>
      <svg
        role="img"
        aria-labelledby={heading}
        viewBox={`0 0 ${frame.width} ${frame.height}`}
        preserveAspectRatio="none"
        width="100%"
        height={220}
        style={{ display: 'block', overflow: 'visible', touchAction: 'pan-y' }}
        onPointerMove={follow}
        onPointerLeave={() => setNear(null)}
      >
        <title id={heading}>{title}</title>
        {[0, 0.5, 1].map((part) => (
          <line
            key={part}
            x1={0}
            x2={frame.width}
            y1={frame.height * part}
            y2={frame.height * part}
            stroke="var(--mantine-color-default-border)"
            strokeDasharray={part === 1 ? undefined : '3 4'}
            vectorEffect="non-scaling-stroke"
          />
        ))}
        <Marks kind={kind} points={points} top={top} frame={frame} />
        {near !== null && (
          <line
            x1={across(near, points.length, frame)}
            x2={across(near, points.length, frame)}
            y1={point?.value === null ? 0 : down(point?.value ?? 0, top, frame)}
            y2={frame.height}
            stroke="var(--mantine-color-text)"
            opacity={0.5}
            vectorEffect="non-scaling-stroke"
          />
        )}
      </svg>
      <Group justify="space-between" mt={4}>
        {[points[0], points.at(-1)].map((end, index) => (
          <Text key={index} size="xs" c="dimmed">
            {end ? shortDay(end.day) : ''}
          </Text>
        ))}
      </Group>
    </Box>
  );
}
