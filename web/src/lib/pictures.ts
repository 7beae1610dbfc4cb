/** Picture files: how large they may be, told before anything is sent, and how they are kept. */
import { type Schemas, api, data } from './api';

export type Picture = Schemas['ImageOut'];
/** Kinds of files that the server takes. */
export const PICTURE_KINDS = 'image/png,image/jpeg,image/webp';

/** What the server takes. */
export const SENT_BYTES = 5_000_000;
/** What the browser opens to cut a part out of. */
export const OPENED_BYTES = 30_000_000;

/** What the sentence about a file says that is larger than the limit; `null` when it is not. */
export const tooLarge = (file: File, limit: number): { readonly megabytes: number; readonly limit: number } | null =>
  file.size > limit ? { megabytes: Math.ceil(file.size / 1e6), limit: limit / 1e6 } : null;

/** The path of a picture that our server keeps, which pages may show; `null` for one that is elsewhere. */
export function keptPicture(address: string | null): string | null {
  const path = address?.startsWith(`${window.location.origin}/`) ? address.slice(window.location.origin.length) : address;
  return path?.startsWith('/images/') ? path : null;
}

export async function uploadPicture(picture: Blob): Promise<Picture> {
  return data(
    await api.POST('/api/v1/images', {
      body: picture as unknown as string,
      bodySerializer: (body: unknown) => body as Blob,
      headers: { 'Content-Type': picture.type },
    }),
  );
}
