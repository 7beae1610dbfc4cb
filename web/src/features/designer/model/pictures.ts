/** Where pictures go on a card: the size that the sharpest screens show, and who shows them. */
import { type Design, type ImagePlace, IMAGE_PLACES } from './design';

export interface PictureSpot {
  readonly width: number;
  readonly height: number;
  readonly shape: 'square' | 'round' | 'free' | 'wide';
  /** The part that is surely seen, as a share of the picture: round masks and screens of other widths cut the rest. */
  readonly safe: { readonly width: number; readonly height: number };
}

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

export interface Crop {
  /** The middle of what is shown, as a share of the picture, and how far it is enlarged beyond filling the frame. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** The part of a picture that a crop shows, in the picture's own pixels; for a whole logo also what stands beside it. */
export function cropped(picture: { readonly width: number; readonly height: number }, spot: PictureSpot, crop: Crop) {
  const cover = Math.max(spot.width / picture.width, spot.height / picture.height);
  const scale = cover * crop.zoom;
  const [width, height] = [spot.width / scale, spot.height / scale];
  const within = (centre: number, part: number, all: number) => {
    const start = centre * all - part / 2;
    return part >= all ? (all - part) / 2 : Math.max(0, Math.min(start, all - part));
  };
  return { x: within(crop.x, width, picture.width), y: within(crop.y, height, picture.height), width, height };
}

/** The smallest zoom: the whole picture is seen. */
export function smallestZoom(picture: { readonly width: number; readonly height: number }, spot: PictureSpot): number {
  const [across, down] = [spot.width / picture.width, spot.height / picture.height];
  return Math.min(across, down) / Math.max(across, down);
}
