/** How a QR code looks, as an address of its picture, and whether cameras will read it. */
import { contrast } from '@/lib/contrast';

export interface Look {
  readonly size: number;
  readonly quiet: number;
  readonly error: 'l' | 'm' | 'q' | 'h';
  readonly dark: string;
  readonly light: string;
  readonly logo: boolean;
}

export const PLAIN: Look = { size: 1024, quiet: 4, error: 'm', dark: '#000000', light: '#ffffff', logo: false };
export type Warning = 'inverted' | 'weak' | 'quiet' | 'level';
/** Less than what printers and dim light take away. */
const ENOUGH = 4;
const QUIET_ENOUGH = 4;

/** `base` is the address of the link in the API. */
export function addressOf(base: string, kind: 'svg' | 'png', look: Look): string {
  const query = new URLSearchParams(Object.entries(look).map(([name, value]) => [name, String(value)]));
  return `${base}/qr.${kind}?${query.toString()}`;
}

/** What may keep cameras from reading it, the worst first. */
export function warningsOf({ dark, light, quiet, error, logo }: Look): readonly Warning[] {
  const ratio = contrast(dark, light);
  const onBlack = [contrast(dark, '#000000'), contrast(light, '#000000')];
  const isInverted = (onBlack[0] ?? 0) > (onBlack[1] ?? 0);
  return [
    ...(isInverted ? (['inverted'] as const) : []),
    ...(ratio !== null && ratio < ENOUGH ? (['weak'] as const) : []),
    ...(quiet < QUIET_ENOUGH ? (['quiet'] as const) : []),
    ...(logo && (error === 'l' || error === 'm') ? (['level'] as const) : []),
  ];
}

export const isColour = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text);
