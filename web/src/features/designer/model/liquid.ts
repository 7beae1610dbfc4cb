/** Texts with placeholders, in the browser: real Liquid with the server's filters, bounded, without any file. */
import { Liquid, type Template } from 'liquidjs';

import { type FactValue, type Facts, Moment, shown } from './facts';

const SINGLE = /^\{\{-?\s*([a-z_]+(?:\.[a-z0-9_]+)*)\s*-?\}\}$/;
const REMEMBERED = 500;

/** `{{ name }}` and nothing else: the wallet then formats the value itself. */
export const singleOf = (source: string): string | null => SINGLE.exec(source)?.[1] ?? null;
export const isDynamic = (source: string): boolean => source.includes('{{') || source.includes('{%');

function engine(language: string): Liquid {
  const made = new Liquid({
    strictFilters: true,
    templates: {},
    cache: false,
    parseLimit: 10_000,
    renderLimit: 50,
    memoryLimit: 200_000,
  });
  made.registerFilter('number', (value: unknown) => new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(Number(value) || 0));
  made.registerFilter('date', (value: unknown, style = 'medium') => dated(value, String(style)));
  return made;
}

function dated(value: unknown, style: string): string {
  if (!(value instanceof Moment)) return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
  const length = style === 'short' || style === 'long' || style === 'full' ? style : 'medium';
  return value.shown(value.isDay ? 'date' : 'date_time', length);
}

const engines = new Map<string, Liquid>();
const parsed = new Map<string, Template[] | null>();

function engineOf(language: string): Liquid {
  const known = engines.get(language) ?? engine(language);
  engines.set(language, known);
  return known;
}

function parse(source: string, language: string): Template[] | null {
  const key = `${language}\0${source}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  let template: Template[] | null = null;
  try {
    template = engineOf(language).parse(source);
  } catch {
    // The server's check tells what is wrong; until it is mended the card shows nothing here, as in a wallet.
  }
  if (parsed.size > REMEMBERED) parsed.clear();
  parsed.set(key, template);
  return template;
}

/** The text of one card; one that cannot be read or fails is empty, as on the card. */
export function rendered(source: string, facts: Facts, language: string): string {
  if (!isDynamic(source)) return source;
  const single = singleOf(source);
  if (single !== null) return single === 'language' ? language : shown(facts.get(single), language);
  const template = parse(source, language);
  if (template === null) return '';
  try {
    return String(engineOf(language).renderSync(template, nested(facts, language)));
  } catch {
    return '';
  }
}

/** Facts as Liquid wants them: `{balance: {points: 120}}`. */
function nested(facts: Facts, language: string): Record<string, unknown> {
  const tree: Record<string, Record<string, FactValue> | string> = {};
  for (const [name, value] of facts) {
    const [head = '', tail] = name.split('.', 2);
    if (tail === undefined) continue;
    const branch = tree[head];
    const known = typeof branch === 'object' ? branch : {};
    known[tail] = value instanceof Moment ? value.in(language) : value;
    tree[head] = known;
  }
  tree.language = language;
  return tree;
}
