/** The facts of one card, and how a reader sees each: as the server writes them. */
export type FactKind = 'text' | 'number' | 'boolean' | 'date';
export type FactValue = string | number | boolean | null | Moment;
export type Facts = ReadonlyMap<string, FactValue>;
export type Length = 'short' | 'medium' | 'long' | 'full';

const ZONE = /([+-])(\d\d):?(\d\d)$/;

/** A day, or an instant as the clocks of its place show it. */
export class Moment {
  readonly isDay: boolean;
  /** The clock's time as if it were UTC, so that every reader sees that clock. */
  private readonly clock: Date;

  constructor(
    iso: string,
    private readonly language: string,
  ) {
    this.isDay = iso.length <= 10;
    const zone = ZONE.exec(iso);
    const shift = zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : 0;
    this.clock = new Date(new Date(iso).getTime() + shift * 60_000);
  }

  static isReadable(iso: string): boolean {
    return /^\d{4}-\d\d-\d\d/.test(iso) && !Number.isNaN(Date.parse(iso));
  }

  in(language: string): Moment {
    const same = Object.create(Moment.prototype) as Moment;
    return Object.assign(same, this, { language });
  }

  shown(style: 'date' | 'time' | 'date_time', length: Length): string {
    const parts: Intl.DateTimeFormatOptions =
      this.isDay || style === 'date' ? { dateStyle: length } : style === 'time' ? { timeStyle: 'short' } : { dateStyle: length, timeStyle: 'short' };
    return new Intl.DateTimeFormat(this.language, { ...parts, timeZone: 'UTC' }).format(this.clock);
  }

  toString(): string {
    return this.shown(this.isDay ? 'date' : 'date_time', 'medium');
  }
}

/** The wire's facts for one design: dates read, stamps counted to the design's own goal, its names put in. */
export function factsFor(
  wire: Readonly<Record<string, string | number | boolean | null>>,
  kinds: ReadonlyMap<string, FactKind>,
  design: { readonly organization_name: string; readonly title: string; readonly stamps: { readonly goal: number } | null },
): Facts {
  const facts = new Map<string, FactValue>();
  for (const [name, value] of Object.entries(wire)) {
    facts.set(name, kinds.get(name) === 'date' && typeof value === 'string' && Moment.isReadable(value) ? new Moment(value, 'en') : value);
  }
  facts.set('organization.name', design.organization_name);
  facts.set('program.name', design.title);
  const [count, full] = [Number(facts.get('stamps.count') ?? 0), Number(facts.get('stamps.goal') ?? 10)];
  const goal = design.stamps?.goal ?? full;
  const shown = count >= full ? goal : Math.min(count, Math.max(goal - 1, 0));
  return facts.set('stamps.goal', goal).set('stamps.count', shown).set('stamps.left', goal - shown);
}

export function shown(value: FactValue | undefined, language: string): string {
  if (value === null || value === undefined) return '';
  return value instanceof Moment ? value.in(language).toString() : String(value);
}

/** A value in a field's format, for what wallets write by themselves. */
export function styled(
  value: FactValue,
  field: { readonly format: string; readonly length: Length; readonly currency: string | null },
  language: string,
): string {
  if (value instanceof Moment) {
    const style = field.format === 'time' || field.format === 'date_time' ? field.format : 'date';
    return value.in(language).shown(style, field.length);
  }
  if (typeof value !== 'number') return shown(value, language);
  switch (field.format) {
    case 'currency':
      return field.currency === null ? String(value) : inCurrency(value, field.currency, language);
    case 'percent':
      return new Intl.NumberFormat(language, { style: 'percent' }).format(value);
    case 'decimal':
      return new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value);
    default:
      return shown(value, language);
  }
}

function inCurrency(minor: number, currency: string, language: string): string {
  try {
    const format = new Intl.NumberFormat(language, { style: 'currency', currency });
    return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return String(minor); // a code that is still being typed
  }
}
