/** Colours: mixing, and how well one can be read on another (WCAG 2.2); the same figures as the server's. */

export type Rgb = readonly [number, number, number];
export const TEXT_CONTRAST = 4.5;
export const LABEL_CONTRAST = 3;
const HEX = /^#[0-9a-f]{6}$/i;

export const isColour = (text: string): boolean => HEX.test(text);

export function rgb(colour: string): Rgb {
  const number = isColour(colour) ? parseInt(colour.slice(1), 16) : 0;
  return [number >> 16, (number >> 8) & 255, number & 255];
}

export const hex = (colour: Rgb): string => `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;

/** `share` of the other colour in the first. */
export function mix(one: string, other: string, share: number): string {
  const [a, b] = [rgb(one), rgb(other)];
  const channel = (index: 0 | 1 | 2) => Math.round(a[index] + (b[index] - a[index]) * share);
  return hex([channel(0), channel(1), channel(2)]);
}

function luminance(colour: string): number {
  const linear = rgb(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

export const readableOn = (ground: string): string =>
  contrast('#ffffff', ground) >= contrast('#000000', ground) ? '#ffffff' : '#000000';

/** The colour moved towards white or black until it can be read on the ground. */
export function readable(colour: string, ground: string, least: number): string {
  const target = readableOn(ground);
  for (let step = 0; step <= 10; step += 1) {
    const tried = mix(colour, target, step / 10);
    if (contrast(tried, ground) >= least) return tried;
  }
  return target;
}
