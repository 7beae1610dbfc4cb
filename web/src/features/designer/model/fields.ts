/** Fields in their areas: added, removed, changed, moved. */
import { AREAS, type Area, type Design, type Field, emptyField, placedFields } from './design';
import { carried } from './texts';

export interface Spot {
  readonly area: Area;
  readonly index: number;
}

/** How many fields the API keeps in an area. */
export const KEPT: Readonly<Record<Area, number>> = { header: 10, primary: 10, secondary: 10, auxiliary: 10, back: 30 };

const withArea = (design: Design, area: Area, fields: readonly Field[]): Design => ({
  ...design,
  fields: { ...design.fields, [area]: fields },
});

export function freshKey(design: Design): string {
  const taken = new Set(placedFields(design).map(({ field }) => field.key));
  for (let number = 1; ; number += 1) {
    const key = `field_${number}`;
    if (!taken.has(key)) return key;
  }
}

export const hasRoom = (design: Design, area: Area): boolean => design.fields[area].length < KEPT[area];

export function addField(design: Design, area: Area, more: Partial<Field> = {}): Design {
  if (!hasRoom(design, area)) return design;
  return withArea(design, area, [...design.fields[area], { ...emptyField(freshKey(design)), ...more }]);
}

export function removeField(design: Design, { area, index }: Spot): Design {
  return withArea(design, area, design.fields[area].filter((_, at) => at !== index));
}

/** A field with some of its properties changed; translations follow a text that is being rewritten. */
export function changeField(design: Design, { area, index }: Spot, change: Partial<Field>): Design {
  const before = design.fields[area][index];
  if (!before) return design;
  const after = { ...before, ...change };
  const changed = withArea(design, area, design.fields[area].map((field, at) => (at === index ? after : field)));
  const texts = ['label', 'value', 'change_message'] as const;
  return texts.reduce((kept, name) => carried(kept, before[name] ?? '', after[name] ?? ''), changed);
}

/** Puts a field before the one that stands at `to` once it has been taken out; the end of the area for an index past it. */
export function moveField(design: Design, from: Spot, to: Spot): Design {
  const field = design.fields[from.area][from.index];
  if (!field || (from.area !== to.area && !hasRoom(design, to.area))) return design;
  if (from.area === to.area && from.index === to.index) return design;
  const taken = removeField(design, from);
  const target = taken.fields[to.area];
  const at = Math.max(0, Math.min(to.index, target.length));
  return withArea(taken, to.area, [...target.slice(0, at), field, ...target.slice(at)]);
}

/** Where the buttons “earlier” and “later” bring a field: within its area, and over its border into the next one. */
export function neighbour(design: Design, { area, index }: Spot, step: -1 | 1): Spot | null {
  const next = index + step;
  if (next >= 0 && next < design.fields[area].length) return { area, index: next };
  const other = AREAS[AREAS.indexOf(area) + step];
  if (!other || !hasRoom(design, other)) return null;
  return { area: other, index: step < 0 ? design.fields[other].length : 0 };
}

export function findField(design: Design, key: string): Spot | null {
  const found = placedFields(design).find(({ field }) => field.key === key);
  return found ? { area: found.area, index: found.index } : null;
}
