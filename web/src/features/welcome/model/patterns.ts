/** Pictures for cards without stamps, drawn from their colours: a preview as SVG, and a PNG where a card needs one. */
import { mix } from '@/lib/colours';

import type { Colours } from './palettes';

export const PATTERNS = ['waves', 'rings', 'confetti', 'rays'] as const;
export type Pattern = (typeof PATTERNS)[number];

/** The sizes that phones show best: Apple's strip, Google's hero. */
export const PLACES = { strip: { width: 1125, height: 432 }, hero: { width: 1032, height: 336 } } as const;

const SHAPES: Readonly<Record<Pattern, (inks: readonly [string, string, string]) => string>> = {
  waves: ([one, two, three]) =>
    `<path d="M0 250 C180 170 320 330 520 250 S860 150 1125 240 V432 H0Z" fill="${one}"/>` +
    `<path d="M0 320 C220 240 380 390 600 310 S940 250 1125 330 V432 H0Z" fill="${two}"/>` +
    `<path d="M0 385 C240 330 420 430 660 375 S960 350 1125 395 V432 H0Z" fill="${three}"/>`,
  rings: ([one, two, three]) =>
    [520, 410, 300, 190, 90].map((radius, at) => `<circle cx="960" cy="330" r="${radius}" fill="${[one, two, three, two, one][at] ?? one}"/>`).join(''),
  confetti: ([one, two, three]) =>
    Array.from({ length: 64 }, (_, at) => {
      const [x, y] = [(at * 181 + 37) % 1125, (at * 97 + 61) % 432];
      const ink = [one, two, three][at % 3] ?? one;
      const size = 9 + ((at * 7) % 15);
      return at % 2 === 0
        ? `<circle cx="${x}" cy="${y}" r="${size / 1.6}" fill="${ink}"/>`
        : `<rect x="${x}" y="${y}" width="${size * 2}" height="${size * 0.7}" rx="3" transform="rotate(${(at * 53) % 180} ${x} ${y})" fill="${ink}"/>`;
    }).join(''),
  rays: ([one, two]) =>
    Array.from({ length: 24 }, (_, at) => {
      const turn = (at * Math.PI) / 12;
      const [from, to] = [turn - 0.065, turn + 0.065];
      const point = (angle: number) => `${(562 + 900 * Math.cos(angle)).toFixed(1)} ${(470 + 900 * Math.sin(angle)).toFixed(1)}`;
      return `<path d="M562 470 L${point(from)} L${point(to)}Z" fill="${at % 2 === 0 ? one : two}"/>`;
    }).join(''),
};

function svg(pattern: Pattern, colours: Colours, { width, height }: { readonly width: number; readonly height: number }): string {
  const inks = [0.07, 0.13, 0.2].map((share) => mix(colours.strip, colours.label, share)) as [string, string, string];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 1125 432" preserveAspectRatio="xMidYMax slice">` +
    `<rect width="1125" height="432" fill="${colours.strip}"/>${SHAPES[pattern](inks)}</svg>`
  );
}

export const patternAddress = (pattern: Pattern, colours: Colours, place: keyof typeof PLACES): string =>
  `data:image/svg+xml,${encodeURIComponent(svg(pattern, colours, PLACES[place]))}`;

/** The same as a PNG file, as a card takes it. */
export const patternFile = (pattern: Pattern, colours: Colours, place: keyof typeof PLACES): Promise<Blob> =>
  rasterised(patternAddress(pattern, colours, place), PLACES[place].width, PLACES[place].height);

/** A drawing as a PNG file. */
export async function rasterised(address: string, width: number, height: number): Promise<Blob> {
  const picture = new Image(width, height);
  picture.src = address;
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height);
  return new Promise((resolve, reject) => canvas.toBlob((file) => (file ? resolve(file) : reject(new Error('canvas'))), 'image/png'));
}
