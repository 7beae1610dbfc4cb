/** Reads barcodes from pictures; loaded when a camera starts. The WebAssembly comes from our own origin. */
import { type ReaderOptions, prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';

prepareZXingModule({ overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) } });

// What wallets draw, and what is printed on gift cards and coupons.
const OPTIONS: ReaderOptions = {
  formats: ['QRCode', 'Aztec', 'PDF417', 'Code128', 'DataMatrix', 'EAN13'],
  tryHarder: true,
  maxNumberOfSymbols: 1,
};

/** The text of the code in a picture, `null` when there is none. */
export async function readCode(picture: ImageData): Promise<string | null> {
  const [found] = await readBarcodes(picture, OPTIONS);
  return found?.isValid && found.text ? found.text : null;
}
