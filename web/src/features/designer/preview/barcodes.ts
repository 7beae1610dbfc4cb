/** Real barcodes, drawn in the browser; the code that draws them is loaded when the first one is wanted. */
import { useEffect, useState } from 'react';

const FORMATS: Readonly<Record<string, 'QRCode' | 'PDF417' | 'Aztec' | 'Code128'>> = {
  qr: 'QRCode',
  pdf417: 'PDF417',
  aztec: 'Aztec',
  code128: 'Code128',
};
const drawn = new Map<string, Promise<string | null>>();
const REMEMBERED = 100;

async function draw(format: string, message: string): Promise<string | null> {
  const [{ prepareZXingModule, writeBarcode }, { default: wasm }] = await Promise.all([
    import('zxing-wasm/writer'),
    import('zxing-wasm/writer/zxing_writer.wasm?url'),
  ]);
  prepareZXingModule({ overrides: { locateFile: () => wasm } });
  const { svg, error } = await writeBarcode(message, { format: FORMATS[format] ?? 'QRCode', scale: 1, addQuietZones: false });
  return error || !svg ? null : `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
}

/** The address of the barcode's picture; null while it is drawn and for a message that it cannot hold. */
export function useBarcode(format: string, message: string): string | null {
  const [picture, setPicture] = useState<{ readonly key: string; readonly source: string | null } | null>(null);
  const key = `${format}\0${message}`;
  useEffect(() => {
    let isWanted = message !== '';
    if (!isWanted) return undefined;
    const known = drawn.get(key) ?? draw(format, message).catch(() => null);
    if (drawn.size > REMEMBERED) drawn.clear();
    drawn.set(key, known);
    void known.then((source) => {
      if (isWanted) setPicture({ key, source });
    });
    return () => {
      isWanted = false;
    };
  }, [key, format, message]);
  // What was drawn before stays until the new one is there: nothing flickers while somebody types.
  return message === '' ? null : (picture?.source ?? null);
}
