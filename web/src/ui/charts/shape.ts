/** Where the marks of a chart are drawn: pure, in the units of its view box. */

export interface Point {
  readonly day: string;
  readonly value: number | null;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Time runs as text does: from the right in Arabic. */
  readonly rtl: boolean;
}

/** The end of the axis: above every value, and round, so that its label is readable. */
export function roundTop(largest: number): number {
  if (largest <= 0) return 1;
  const scale = 10 ** Math.floor(Math.log10(largest));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * scale >= largest) ?? 10;
  return step * scale;
}

export const largestOf = (points: readonly Point[]): number => Math.max(0, ...points.map((point) => point.value ?? 0));

/** The middle of the place of a day. */
export function across(index: number, count: number, { width, rtl }: Frame): number {
  const x = ((index + 0.5) / count) * width;
  return rtl ? width - x : x;
}

export const down = (value: number, top: number, { height }: Frame): number => height - (value / top) * height;

/** Runs of neighbouring days that have a value: a line is not drawn over days without one. */
export function runs(points: readonly Point[]): (readonly number[])[] {
  const found: number[][] = [];
  points.forEach((point, index) => {
    if (point.value === null) return;
    if (index === 0 || points[index - 1]?.value === null) found.push([]);
    found.at(-1)?.push(index);
  });
  return found;
}

/** The line of one run; a day that stands alone is a short dash. */
export function linePath(run: readonly number[], points: readonly Point[], top: number, frame: Frame): string {
  const place = (index: number, shift = 0) =>
    `${(across(index, points.length, frame) + shift).toFixed(2)} ${down(points[index]?.value ?? 0, top, frame).toFixed(2)}`;
  const [first] = run;
  if (first === undefined) return '';
  if (run.length === 1) return `M${place(first, -0.3)}L${place(first, 0.3)}`;
  return `M${run.map((index) => place(index)).join('L')}`;
}

export function areaPath(run: readonly number[], points: readonly Point[], top: number, frame: Frame): string {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined || first === last) return '';
  const x = (index: number) => across(index, points.length, frame).toFixed(2);
  return `${linePath(run, points, top, frame)}L${x(last)} ${frame.height}L${x(first)} ${frame.height}Z`;
}
