/** Days of a time zone as instants. */

/** How many minutes a zone is ahead of UTC at an instant. */
function offsetMinutes(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(instant);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'));
  return Math.round((wall - Math.floor(instant / 60_000) * 60_000) / 60_000);
}

/** The first instant of a day such as 2026-11-22, so many days later, in a zone; days change their length in spring. */
export function startOf(day: string, timeZone: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const midnight = Date.UTC(year, month - 1, date + later);
  const guess = midnight - offsetMinutes(midnight, timeZone) * 60_000;
  return new Date(midnight - offsetMinutes(guess, timeZone) * 60_000).toISOString();
}
