/** Where the stamps of a drawn strip stand: the same rows and sizes as the pictures that the server makes. */
export interface Spots {
  readonly diameter: number;
  readonly at: readonly { readonly x: number; readonly y: number }[];
}

const GAP = 0.2;
const MARGIN = 0.1;
const LARGEST = 0.56;

/** How many stamps stand in each row: one row up to six, then two, three, four; longer rows first. */
export function rowsOf(goal: number): number[] {
  const rows = goal <= 6 ? 1 : goal <= 14 ? 2 : goal <= 24 ? 3 : 4;
  return Array.from({ length: rows }, (_, row) => Math.floor(goal / rows) + (row < goal % rows ? 1 : 0));
}

export function spotsOf(goal: number, width: number, height: number): Spots {
  const rows = rowsOf(goal);
  const margin = height * MARGIN;
  const widest = Math.max(...rows);
  const across = (width - 2 * margin) / (widest + (widest - 1) * GAP);
  const down = (height - 2 * margin) / (rows.length + (rows.length - 1) * GAP);
  const diameter = Math.min(across, down, height * LARGEST);
  const pitch = diameter * (1 + GAP);
  const top = (height - (pitch * rows.length - diameter * GAP)) / 2;
  const at = rows.flatMap((count, row) => {
    const left = (width - (pitch * count - diameter * GAP)) / 2;
    return Array.from({ length: count }, (_, position) => ({ x: left + position * pitch, y: top + row * pitch }));
  });
  return { diameter, at };
}
