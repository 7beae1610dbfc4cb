/** What a browser calls itself, in a word: the family and the system, good enough to recognise one's own. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

const first = (list: readonly (readonly [RegExp, string])[], agent: string): string | undefined =>
  list.find(([pattern]) => pattern.test(agent))?.[1];

/** Such as “Firefox, Windows”; the whole text when it is none of those known. */
export function browserName(agent: string | null): string | null {
  if (agent === null) return null;
  return [first(FAMILIES, agent), first(SYSTEMS, agent)].filter((word) => word !== undefined).join(', ') || agent.slice(0, 40);
}
