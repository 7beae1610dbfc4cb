/** The marks of stamps as SVG in a unit square, the same outlines as the server draws. */
import type { ReactNode } from 'react';

export type Mark = 'cup' | 'star' | 'heart' | 'circle' | 'check' | 'gift';

const points = (count: number, at: (step: number) => readonly [number, number]): string =>
  Array.from({ length: count }, (_, step) => at(step).map((value) => value.toFixed(4)).join(',')).join(' ');

const STAR = points(10, (step) => {
  const radius = step % 2 === 0 ? 0.44 : 0.2;
  return [0.5 + radius * Math.sin((Math.PI * step) / 5), 0.53 - radius * Math.cos((Math.PI * step) / 5)];
});
const HEART = points(60, (step) => {
  const turn = (2 * Math.PI * step) / 60;
  const across = 16 * Math.sin(turn) ** 3;
  const up = 13 * Math.cos(turn) - 5 * Math.cos(2 * turn) - 2 * Math.cos(3 * turn) - Math.cos(4 * turn);
  return [0.5 + 0.026 * across, 0.47 - 0.026 * up];
});
const STEAM = [0.3, 0.45, 0.6].map((left) => points(11, (step) => [left + 0.025 * Math.sin(step / 3), 0.1 + 0.018 * step]));
const BOWS = [-1, 1].map((side) => `0.5,0.33 ${0.5 + side * 0.17},0.12 ${0.5 + side * 0.27},0.22 0.5,0.33`);

const line = (path: string, width: number) => (
  <polyline key={path} points={path} fill="none" stroke="currentColor" strokeWidth={width} strokeLinecap="round" strokeLinejoin="round" />
);

/** Drawn in `currentColor`; what is cut out takes `ground`. */
export const MARKS: Readonly<Record<Mark, (ground: string) => ReactNode>> = {
  cup: () => (
    <>
      {STEAM.map((wave) => line(wave, 0.045))}
      <ellipse cx="0.73" cy="0.555" rx="0.118" ry="0.103" fill="none" stroke="currentColor" strokeWidth="0.065" />
      <rect x="0.16" y="0.37" width="0.58" height="0.2" rx="0.04" fill="currentColor" />
      <rect x="0.16" y="0.4" width="0.58" height="0.38" rx="0.17" fill="currentColor" />
      <rect x="0.12" y="0.83" width="0.66" height="0.065" rx="0.032" fill="currentColor" />
    </>
  ),
  star: () => <polygon points={STAR} fill="currentColor" stroke="currentColor" strokeWidth="0.06" strokeLinejoin="round" />,
  heart: () => <polygon points={HEART} fill="currentColor" />,
  check: () => line('0.2,0.54 0.42,0.75 0.81,0.29', 0.13),
  circle: () => null,
  gift: (ground) => (
    <>
      {BOWS.map((bow) => line(bow, 0.06))}
      <rect x="0.13" y="0.33" width="0.74" height="0.17" rx="0.04" fill="currentColor" />
      <rect x="0.19" y="0.53" width="0.62" height="0.35" rx="0.05" fill="currentColor" />
      <rect x="0.46" y="0.33" width="0.08" height="0.55" fill={ground} />
    </>
  ),
};
