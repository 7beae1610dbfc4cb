import { contrast, mix, readableOn } from '../model/colours';
import type { Design } from '../model/design';
import { spotsOf } from '../model/stamps';

import { MARKS, type Mark } from './shapes';

interface StampStripProps {
  readonly design: Design;
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly images: Readonly<Record<string, string>>;
  readonly label: string;
}

/** The picture of a stamp card, as the server will draw it for this number of stamps. */
export function StampStrip({ design, count, width, height, images, label }: StampStripProps) {
  const { stamps, colours } = design;
  if (!stamps) return null;
  const ground = colours.strip ?? colours.background;
  const look = { ground, filled: stamps.filled ?? colours.foreground, empty: stamps.empty ?? colours.label };
  const own = stamps.shape === 'image' ? { stamp: images.stamp, empty: images.empty_stamp } : null;
  const { diameter, at } = spotsOf(stamps.goal, width, height);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width="100%" role="img" aria-label={label} style={{ display: 'block' }} direction="ltr">
      <rect width={width} height={height} fill={ground} />
      {at.map(({ x, y }, index) => {
        const isFilled = index < count;
        const isReward = index === stamps.goal - 1 && stamps.goal > 1;
        const place = `translate(${x} ${y}) scale(${diameter})`;
        if (own) {
          const source = isFilled ? own.stamp : (own.empty ?? own.stamp);
          const opacity = isFilled || own.empty !== undefined ? 1 : 0.28;
          return source === undefined ? null : <image key={index} href={source} x={x} y={y} width={diameter} height={diameter} opacity={opacity} />;
        }
        const mark: Mark = isReward ? 'gift' : stamps.shape === 'image' ? 'circle' : stamps.shape;
        return (
          <g key={index} transform={place}>
            {isFilled ? <Filled {...look} mark={mark} /> : <Empty {...look} mark={mark} isReward={isReward} />}
          </g>
        );
      })}
    </svg>
  );
}

interface StampProps {
  readonly ground: string;
  readonly filled: string;
  readonly empty: string;
  readonly mark: Mark;
}

function Filled({ ground, filled, mark }: StampProps) {
  const ink = contrast(ground, filled) >= 2 ? ground : readableOn(filled);
  return (
    <>
      <circle cx="0.5" cy="0.5" r="0.498" fill={filled} />
      <g transform="translate(0.17 0.17) scale(0.66)" color={ink}>
        {MARKS[mark](filled)}
      </g>
    </>
  );
}

function Empty({ ground, empty, mark, isReward }: StampProps & { readonly isReward: boolean }) {
  const strength = isReward ? 0.75 : 0.42;
  const inside = mix(ground, empty, 0.1);
  return (
    <>
      <circle cx="0.5" cy="0.5" r="0.484" fill={inside} stroke={mix(ground, empty, strength)} strokeWidth="0.028" />
      <g transform="translate(0.17 0.17) scale(0.66)" color={mix(ground, empty, strength * 0.8)}>
        {MARKS[mark](inside)}
      </g>
    </>
  );
}
