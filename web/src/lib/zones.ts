/** Instants as wall clocks of a time zone show them, for inputs of date and time. */

const DAY_MS = 86_400_000;

/** `2026-12-01T09:30` in a zone, from an instant. */
export function wallTime(iso: string, timeZone: string): string {
  return shown(new Date(iso).getTime(), timeZone);
}

/** The instant of a wall time in a zone, `null` when it is none; where it comes twice the first, where clocks skip it as much later. */
export function instantOf(wall: string, timeZone: string): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(wall)) return null;
  const wanted = Date.parse(`${wall.slice(0, 16)}Z`);
  if (Number.isNaN(wanted)) return null;
  const offset = (at: number) => Date.parse(`${shown(at, timeZone)}Z`) - at;
  const before = wanted - offset(wanted - DAY_MS);
  const after = wanted - offset(wanted + DAY_MS);
  const meant = [before, after].find((at) => shown(at, timeZone) === wall.slice(0, 16)) ?? before;
  return new Date(meant).toISOString();
}

function shown(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.year ?? ''}-${parts.month ?? ''}-${parts.day ?? ''}T${parts.hour ?? ''}:${parts.minute ?? ''}`;
}
