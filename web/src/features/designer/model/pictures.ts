/** Where pictures go on a card: the size that the sharpest screens show, and who shows them. */
import type { PictureSpot } from '@/lib/crop';

import { type Design, type ImagePlace, IMAGE_PLACES } from './design';

const whole = { width: 1, height: 1 };
export const SPOTS: Readonly<Record<ImagePlace, PictureSpot>> = {
  icon: { width: 660, height: 660, shape: 'round', safe: { width: 0.7, height: 0.7 } },
  logo: { width: 480, height: 150, shape: 'free', safe: whole },
  wide_logo: { width: 1280, height: 400, shape: 'wide', safe: { width: 0.9, height: 0.8 } },
  strip: { width: 1125, height: 432, shape: 'wide', safe: { width: 0.88, height: 0.8 } },
  hero: { width: 1032, height: 336, shape: 'wide', safe: { width: 0.9, height: 0.8 } },
  thumbnail: { width: 270, height: 270, shape: 'square', safe: { width: 0.9, height: 0.9 } },
  background: { width: 540, height: 660, shape: 'free', safe: { width: 0.7, height: 0.7 } },
  stamp: { width: 240, height: 240, shape: 'square', safe: { width: 0.9, height: 0.9 } },
  empty_stamp: { width: 240, height: 240, shape: 'square', safe: { width: 0.9, height: 0.9 } },
};

/** The places that a design of this kind shows, and those that hold a picture all the same. */
export function placesOf(design: Design): ImagePlace[] {
  const { kind, stamps, images } = design;
  const unused = new Set<ImagePlace>();
  if (stamps) unused.add('strip').add('hero');
  if (stamps?.shape !== 'image') unused.add('stamp').add('empty_stamp');
  if (kind !== 'generic' && kind !== 'event_ticket') unused.add('thumbnail');
  if (kind === 'generic') unused.add('strip');
  if (kind !== 'event_ticket' || images.strip) unused.add('background');
  return IMAGE_PLACES.filter((place) => !unused.has(place) || images[place] !== null);
}
