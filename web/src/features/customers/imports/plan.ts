/** Between the columns of a file as somebody mapped them and the plan that the API takes. */
import type { FieldName, Import, Plan } from './imports';

export const FIELDS: readonly FieldName[] = ['first_name', 'last_name', 'phone', 'email', 'birthday', 'language', 'balance', 'attribute'];

export interface ColumnChoice {
  field: FieldName | null;
  attribute: string;
  type: 'text' | 'number' | 'boolean';
}

export interface Choices {
  columns: ColumnChoice[];
  known: NonNullable<Plan['known']>;
  program: string | null;
  unit: string | null;
  issueCards: boolean;
  dayFirst: boolean;
}

const NONE: ColumnChoice = { field: null, attribute: '', type: 'text' };

/** What was chosen last for this file, or what the names of its columns suggest. */
export function choicesOf(found: Import): Choices {
  const mapped = found.plan?.columns ?? found.suggested;
  return {
    columns: found.columns.map((_, column) => {
      const one = mapped.find((each) => each.column === column);
      return one ? { field: one.field, attribute: one.attribute ?? '', type: one.type ?? 'text' } : { ...NONE };
    }),
    known: found.plan?.known ?? 'fill',
    program: found.plan?.program_id ?? null,
    unit: found.plan?.unit ?? null,
    issueCards: found.plan?.issue_cards ?? false,
    dayFirst: found.plan?.day_first ?? true,
  };
}

/** A name that the API takes for an attribute, made from the title of a column: “Shoe size” becomes shoe_size. */
export function attributeName(title: string): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const name = plain.replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '');
  return name.slice(0, 50);
}

export function planOf(choices: Choices): Plan {
  const columns = choices.columns.flatMap(({ field, attribute, type }, column) => {
    if (field === null || (field === 'balance' && choices.program === null)) return [];
    return [field === 'attribute' ? { column, field, attribute, type } : { column, field }];
  });
  return {
    columns,
    known: choices.known,
    day_first: choices.dayFirst,
    ...(choices.program === null
      ? {}
      : { program_id: choices.program, issue_cards: choices.issueCards, ...(choices.unit ? { unit: choices.unit } : {}) }),
  };
}

export type MappingFault = 'contact' | 'twice' | 'attribute';

/** Why this cannot be checked yet, or null. */
export function faultOfMapping({ columns }: Choices): MappingFault | null {
  const used = columns.filter((one) => one.field !== null);
  if (used.some((one) => one.field === 'attribute' && !/^[a-z][a-z0-9_]{0,49}$/.test(one.attribute))) return 'attribute';
  const names = used.map((one) => (one.field === 'attribute' ? `attribute.${one.attribute}` : one.field));
  if (new Set(names).size !== names.length) return 'twice';
  return names.includes('phone') || names.includes('email') ? null : 'contact';
}
