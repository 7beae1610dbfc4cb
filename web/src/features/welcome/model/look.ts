/** A card with a look: what the preview shows, and what is published. */
import { type Schemas, api, data } from '@/lib/api';

import type { Draft } from './draft';
import { type Colours, type PaletteName, paletteOf } from './palettes';
import { type Pattern, patternAddress, patternFile, rasterised } from './patterns';

export type Content = Schemas['TemplateContent'];

export interface Look {
  readonly palette: PaletteName;
  readonly colours: Colours;
  readonly stamp: Draft['stamp'];
  readonly pattern: Pattern | null;
}

export const lookOf = ({ palette, stamp, pattern }: Draft, brand: string): Look => ({ palette, colours: paletteOf(palette, brand), stamp, pattern });

export function dressed(content: Content, { colours, stamp }: Look): Content {
  return { ...content, colours: { ...content.colours, ...colours }, stamps: content.stamps ? { ...content.stamps, shape: stamp, filled: null, empty: null } : null };
}

/** Pictures that stand for those that the server draws when the card is made. */
export function picturesOf(content: Content, look: Look, own: OwnPictures | null): Record<string, string> {
  const { organization_name: name } = content;
  const marks = own ?? { icon: initial(name, look.colours, 'icon'), logo: initial(name, look.colours, 'logo') };
  if (content.stamps || look.pattern === null) return { ...marks };
  return { ...marks, strip: patternAddress(look.pattern, look.colours, 'strip'), hero: patternAddress(look.pattern, look.colours, 'hero') };
}

export interface OwnPictures {
  readonly icon: string;
  readonly logo: string;
}

/** An uploaded logo as icon and logo, on white as the server sets them where they could hardly be seen. */
export async function ownPictures(address: string): Promise<OwnPictures> {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  return { icon: onWhite(picture, 330, 330, 0.74), logo: onWhite(picture, 480, Math.min(150, (480 * picture.height) / picture.width + 50), 0.84) };
}

function onWhite(picture: HTMLImageElement, width: number, height: number, share: number): string {
  const canvas = document.createElement('canvas');
  const scale = Math.min((width * share) / picture.width, (height * share) / picture.height);
  const [across, down] = [picture.width * scale, picture.height * scale];
  canvas.width = width === height ? width : across + height * (1 - share);
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) return picture.src;
  pen.fillStyle = '#ffffff';
  pen.beginPath();
  pen.roundRect(0, 0, canvas.width, canvas.height, width === height ? 0 : height / 4);
  pen.fill();
  pen.drawImage(picture, (canvas.width - across) / 2, (height - down) / 2, across, down);
  return canvas.toDataURL('image/png');
}

/** Whether the card that comes with a programme looks like this by itself. */
export const isUsual = (content: Content, { palette, stamp }: Look): boolean => Boolean(content.stamps) && palette === 'brand' && stamp === 'cup';

/** Gives a template this look and publishes it. */
export async function publishLook(templateId: string, look: Look, hasLogo: boolean): Promise<void> {
  const path = { template_id: templateId };
  const template = data(await api.GET('/api/v1/templates/{template_id}', { params: { path } }));
  const version = template.latest_version;
  const { content } = data(await api.GET('/api/v1/templates/{template_id}/versions/{version}', { params: { path: { ...path, version } } }));
  const made = dressed(content, look);
  const images = { ...made.images };
  if (!made.stamps) {
    images.strip = look.pattern && (await kept(await patternFile(look.pattern, look.colours, 'strip')));
    images.hero = look.pattern && (await kept(await patternFile(look.pattern, look.colours, 'hero')));
  }
  if (!hasLogo && look.palette !== 'brand') {
    images.icon = await kept(await rasterised(initial(content.organization_name, look.colours, 'icon'), SIDES.icon, SIDES.icon));
    images.logo = await kept(await rasterised(initial(content.organization_name, look.colours, 'logo'), SIDES.logo, SIDES.logo));
  }
  await api.POST('/api/v1/templates/{template_id}/versions', { params: { path }, body: { content: { ...made, images }, base_version: version, publish: true } });
}

async function kept(picture: Blob): Promise<string> {
  const image = data(
    await api.POST('/api/v1/images', {
      body: picture as unknown as string,
      bodySerializer: (body: unknown) => body as Blob,
      headers: { 'Content-Type': picture.type },
    }),
  );
  return image.id;
}

const SIDES = { icon: 660, logo: 300 } as const;

/** The first letter: on a full square for icons, on a disc for logos. */
function initial(name: string, { background, foreground }: Colours, kind: keyof typeof SIDES): string {
  const letter = /[\p{L}\p{N}]/u.exec(name.replace(/^ال/, ''))?.[0]?.toLocaleUpperCase() ?? '★';
  const [ground, ink] = kind === 'icon' ? [background, foreground] : [foreground, background];
  const shape = kind === 'icon' ? `<rect width="100" height="100" fill="${ground}"/>` : `<circle cx="50" cy="50" r="50" fill="${ground}"/>`;
  const side = SIDES[kind];
  return `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 100 100">${shape}<text x="50" y="70" text-anchor="middle" font-size="56" font-weight="600" font-family="system-ui, 'DejaVu Sans', sans-serif" fill="${ink}">${letter}</text></svg>`,
  )}`;
}
