/** Cutting a picture to the size of its place. */
export interface PictureSpot {
  readonly width: number;
  readonly height: number;
  readonly shape: 'square' | 'round' | 'free' | 'wide';
  /** The part that is surely seen, as a share of the picture: round masks and screens of other widths cut the rest. */
  readonly safe: { readonly width: number; readonly height: number };
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
