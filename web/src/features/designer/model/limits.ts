/** What the wallets show of a design: how many fields in each area, which of them where. */
import { type Area, type Design, type Field, isLoyalty, placedFields } from './design';

/** Fields that Apple Wallet shows per area; it hides the others. */
export const APPLE_SHOWS: Readonly<Record<Area, number>> = { header: 3, primary: 1, secondary: 4, auxiliary: 4, back: Infinity };
/** Text modules that Google Wallet shows of a card, and rows on its front. */
export const GOOGLE_MODULES = 10;
const GOOGLE_ROWS = 3;

export const hiddenOnApple = (design: Design, area: Area): number =>
  Math.max(0, design.fields[area].length - APPLE_SHOWS[area]);

/** The field that Google shows as points, or nothing. */
export const balanceField = (design: Design): Field | undefined => design.fields.header[0] ?? design.fields.primary[0];

/** Fields of the front that become Google's text modules, in the order of Apple's areas. */
export function googleModules(design: Design): Field[] {
  const { header, primary } = design.fields;
  let elsewhere: readonly Field[] = [];
  if (design.kind === 'generic') elsewhere = primary.slice(0, 1);
  else if (isLoyalty(design.kind)) elsewhere = header.length > 0 ? header.slice(0, 2) : primary.slice(0, 1);
  return placedFields(design)
    .filter(({ area, field }) => area !== 'back' && !elsewhere.includes(field))
    .map(({ field }) => field);
}

/** The keys of the fields in the rows of Google's card. */
export function googleRows(design: Design): string[][] {
  const keys = googleModules(design).map((field) => field.key);
  const balance = balanceField(design);
  if (isLoyalty(design.kind) && balance) {
    const second = design.fields.header[1];
    keys.unshift(balance.key, ...(second ? [second.key] : []));
  }
  const width = keys.length <= 2 * GOOGLE_ROWS ? 2 : 3;
  const rows: string[][] = [];
  for (let start = 0; start < keys.length && rows.length < GOOGLE_ROWS; start += width) rows.push(keys.slice(start, start + width));
  return rows;
}

export const hiddenOnGoogle = (design: Design): number =>
  Math.max(0, placedFields(design).filter(({ area }) => area !== 'back').length - (isLoyalty(design.kind) ? 1 : 0) - GOOGLE_MODULES);
