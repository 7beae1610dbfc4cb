import { describe, expect, it } from 'vitest';

import { cropped, smallestZoom } from './crop';

describe('cropping', () => {
  const spot = { width: 300, height: 100, shape: 'wide', safe: { width: 1, height: 1 } } as const;

  it('fills the frame from the middle, and never shows what is beside the picture while it can be avoided', () => {
    expect(cropped({ width: 600, height: 600 }, spot, { x: 0.5, y: 0.5, zoom: 1 })).toEqual({ x: 0, y: 200, width: 600, height: 200 });
    expect(cropped({ width: 600, height: 600 }, spot, { x: 0.5, y: 0, zoom: 1 })).toMatchObject({ y: 0 });
    expect(cropped({ width: 600, height: 600 }, spot, { x: 9, y: 9, zoom: 2 })).toEqual({ x: 300, y: 500, width: 300, height: 100 });
  });

  it('can show the whole picture', () => {
    const picture = { width: 600, height: 600 };
    const part = cropped(picture, spot, { x: 0.5, y: 0.5, zoom: smallestZoom(picture, spot) });
    expect(part).toEqual({ x: -600, y: 0, width: 1800, height: 600 });
  });
});
