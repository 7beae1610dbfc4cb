/** The colours that a logo is known by. */
import { hex, rgb } from '@/lib/colours';

import { hueOf } from './palettes';

const SIDE = 64;
const MOST = 5;
const APART = 60;

/** The strongest colours of some pixels (RGBA), best first: what is frequent and colourful, never white or empty. */
export function strongest(pixels: ArrayLike<number>): string[] {
  const cells = new Map<number, { count: number; red: number; green: number; blue: number }>();
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = [pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + 3]];
    if (alpha < 128 || Math.min(red, green, blue) > 232) continue;
    const key = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    const cell = cells.get(key) ?? { count: 0, red: 0, green: 0, blue: 0 };
    cells.set(key, { count: cell.count + 1, red: cell.red + red, green: cell.green + green, blue: cell.blue + blue });
  }
  const ranked = [...cells.values()]
    .map(({ count, red, green, blue }) => {
      const colour = hex([Math.round(red / count), Math.round(green / count), Math.round(blue / count)]);
      return { colour, weight: count * (0.12 + hueOf(colour)[1]) };
    })
    .sort((one, other) => other.weight - one.weight);
  const chosen: string[] = [];
  for (const { colour } of ranked) {
    if (chosen.length < MOST && chosen.every((known) => distance(known, colour) > APART)) chosen.push(colour);
  }
  return chosen;
}

function distance(one: string, other: string): number {
  const [a, b] = [rgb(one), rgb(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** The colours of a picture file; none when the browser cannot read it. */
export async function coloursOfFile(file: Blob): Promise<string[]> {
  const picture = await createImageBitmap(file).catch(() => null);
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (picture === null || pen === null) return [];
  canvas.width = SIDE;
  canvas.height = SIDE;
  pen.drawImage(picture, 0, 0, SIDE, SIDE);
  picture.close();
  return strongest(pen.getImageData(0, 0, SIDE, SIDE).data);
}
