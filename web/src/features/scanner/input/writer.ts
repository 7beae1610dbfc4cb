/** Draws QR codes; loaded when one is shown. */
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import wasm from 'zxing-wasm/writer/zxing_writer.wasm?url';

prepareZXingModule({ overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) } });

/** A picture of a QR code as a data address. */
export async function drawCode(text: string): Promise<string> {
  const drawn = await writeBarcode(text, { format: 'QRCode' });
  if (drawn.svg === '') throw new Error(drawn.error);
  return `data:image/svg+xml,${encodeURIComponent(drawn.svg)}`;
}
