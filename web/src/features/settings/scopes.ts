import type { TFunction } from 'i18next';

/** What a scope such as `customers:read` allows, in words; its name for one that the texts do not know. */
export function scopeText(t: TFunction<'settings'>, scope: string): string {
  return t(`scope.${scope.replace(':', '_')}`, { defaultValue: scope });
}
