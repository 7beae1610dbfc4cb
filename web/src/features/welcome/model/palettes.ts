/** A few looks that follow from one colour of the brand; each can be read by everybody. */
import type { Schemas } from '@/lib/api';
import { TEXT_CONTRAST, contrast, hex, mix, readable, readableOn, rgb } from '@/lib/colours';

export const PALETTES = ['brand', 'night', 'light', 'fresh'] as const;
export type PaletteName = (typeof PALETTES)[number];
export type Colours = Required<{ [K in keyof Schemas['Colours']]: string }>;

/** Colours to begin with where there is no logo to take them from. */
export const USUAL = ['#5b3a29', '#0f5c4d', '#1d3a6d', '#7a2438', '#4a2c6a', '#b4472e', '#22262b', '#c98a1b'] as const;

/** Text, labels and the ground of pictures that go with a background. */
export function coloursOn(background: string, accent = readableOn(background)): Colours {
  const foreground = readable(readableOn(background), background, TEXT_CONTRAST);
  return {
    background,
    foreground,
    label: readable(mix(background, accent, 0.72), background, TEXT_CONTRAST),
    strip: mix(background, readableOn(background), 0.04), // as the server makes it of the brand's colours
  };
}

export function paletteOf(name: PaletteName, brand: string): Colours {
  switch (name) {
    case 'brand':
      return coloursOn(brand);
    case 'night':
      return coloursOn(mix(brand, '#0b0d12', 0.8), mix(brand, '#ffffff', 0.55));
    case 'light': {
      const paper = mix(brand, '#fffdf8', 0.92);
      return { ...coloursOn(paper, brand), foreground: readable(mix(brand, '#000000', 0.45), paper, TEXT_CONTRAST), label: readable(brand, paper, TEXT_CONTRAST), strip: mix(brand, '#fffdf8', 0.8) };
    }
    case 'fresh':
      return coloursOn(turned(brand));
  }
}

/** The neighbour of a colour on the wheel, deep enough to carry white text. */
function turned(colour: string): string {
  const [hue, saturation] = hueOf(colour);
  let lightness = 0.3;
  let found = fromHue((hue + 150) % 360, Math.max(0.42, Math.min(saturation, 0.7)), lightness);
  while (contrast('#ffffff', found) < TEXT_CONTRAST && lightness > 0.1) {
    lightness -= 0.03;
    found = fromHue((hue + 150) % 360, Math.max(0.42, Math.min(saturation, 0.7)), lightness);
  }
  return found;
}

/** Hue in degrees and saturation (HSL). */
export function hueOf(colour: string): readonly [hue: number, saturation: number, lightness: number] {
  const [red, green, blue] = rgb(colour).map((channel) => channel / 255) as [number, number, number];
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const [spread, lightness] = [most - least, (most + least) / 2];
  if (spread === 0) return [0, 0, lightness];
  const turn = most === red ? ((green - blue) / spread + 6) % 6 : most === green ? (blue - red) / spread + 2 : (red - green) / spread + 4;
  return [turn * 60, spread / (1 - Math.abs(2 * lightness - 1)), lightness];
}

function fromHue(hue: number, saturation: number, lightness: number): string {
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return hex([part(0), part(8), part(4)]);
}
