/** Picture files that are too large, told before anything is sent. */

/** What the server takes. */
export const SENT_BYTES = 5_000_000;
/** What the browser opens to cut a part out of. */
export const OPENED_BYTES = 30_000_000;

/** What the sentence about a file says that is larger than the limit; `null` when it is not. */
export const tooLarge = (file: File, limit: number): { readonly megabytes: number; readonly limit: number } | null =>
  file.size > limit ? { megabytes: Math.ceil(file.size / 1e6), limit: limit / 1e6 } : null;
