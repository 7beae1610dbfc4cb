import { type Frame, type Point, across, areaPath, down, linePath, runs } from './shape';

interface MarksProps {
  readonly kind: 'bars' | 'line';
  readonly points: readonly Point[];
  readonly top: number;
  readonly frame: Frame;
}

const COLOUR = 'var(--mantine-primary-color-filled)';

/** The values of a chart: bars for what is counted, a line for what is measured. */
export function Marks({ kind, points, top, frame }: MarksProps) {
  if (kind === 'bars') {
    const wide = Math.max((frame.width / points.length) * 0.72, 0.4);
    return (
      <g fill={COLOUR}>
        {points.map((point, index) => {
          if (!point.value) return null;
          const y = down(point.value, top, frame);
          const x = across(index, points.length, frame) - wide / 2;
          return <rect key={point.day} x={x} y={y} width={wide} height={frame.height - y} rx={Math.min(wide / 4, 0.8)} />;
        })}
      </g>
    );
  }
  return (
    <g>
      {runs(points).map((run) => (
        <g key={run[0]}>
          <path d={areaPath(run, points, top, frame)} fill={COLOUR} opacity={0.14} />
          <path
            d={linePath(run, points, top, frame)}
            fill="none"
            stroke={COLOUR}
            strokeWidth={2}
            strokeLinecap="round"
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </g>
      ))}
    </g>
  );
}
