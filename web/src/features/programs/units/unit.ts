/** A unit while it is edited, and as it is saved. */
import type { Schemas } from '@/lib/api';
import { without } from '@/lib/without';
import type { Unit } from '@/ui/earning/kinds';

export const KINDS = ['points', 'stamps', 'visits', 'sessions', 'money'] as const satisfies readonly Unit['kind'][];
/** The plural forms that people fill in, by language (CLDR categories that everyday numbers have). */
export const FORMS: Readonly<Record<string, readonly string[]>> = {
  en: ['one', 'other'],
  fr: ['one', 'other'],
  ar: ['zero', 'one', 'two', 'few', 'many', 'other'],
};
/** A number that each form is an example of. */
export const EXAMPLES: Readonly<Record<string, number>> = { zero: 0, one: 1, two: 2, few: 3, many: 11, other: 100 };

export type Values = Required<Omit<Schemas['UnitIn'], 'decimals' | 'kind' | 'names'>> & {
  readonly kind: Unit['kind'];
  readonly names: Record<string, Record<string, string>>;
};

export const valuesOf = (unit: Unit): Values => {
  const { code, kind, names, spendable, timing, shortfall, cost_micros, breakage_ppm, policy, multipliers, caps } = unit;
  return { code, kind, names, spendable, timing, shortfall, cost_micros, breakage_ppm, policy, multipliers, caps };
};

export const newUnit = (): Values => ({
  code: '',
  kind: 'points',
  names: {},
  spendable: true,
  timing: {},
  shortfall: 'refuse',
  cost_micros: 0,
  breakage_ppm: 0,
  policy: 'sum',
  multipliers: 'best',
  caps: [],
});

/** What is sent: languages with nothing in them are left out; one without “other” has it from what is there. */
export function unitIn(values: Values, isNew: boolean): Schemas['UnitIn'] {
  const names = Object.entries(values.names).flatMap(([language, forms]) => {
    const filled = Object.entries(forms).filter(([, word]) => word.trim() !== '');
    const last = filled.at(-1)?.[1];
    return last === undefined ? [] : [[language, { other: last, ...Object.fromEntries(filled) }] as const];
  });
  const others = without(values, 'kind', 'names');
  return { ...others, ...(isNew ? { kind: values.kind } : {}), ...(names.length > 0 ? { names: Object.fromEntries(names) } : {}) };
}
