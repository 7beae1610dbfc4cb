/** A text as a reader sees it: without the marks that keep names apart, with plain blanks and Western digits. */
export const plain = (text: string): string =>
  text
    .replace(/[\u2066-\u2069\u200e\u200f\u061c]/g, '')
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660)) // which digits Arabic has, differs between machines
    .replace(/٫/g, '.')
    .replace(/٪/g, '%');
