import { ColorSwatch, Group, Paper, Stack, Text } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

import styles from '../editing/designer.module.css';
import { isColour } from '../model/colours';
import type { Field } from '../model/design';
import type { Difference } from '../model/difference';

/** What a piece of a design is called, for people. */
export function pieceName(t: TFunction<'designer'>, path: string, value: unknown): string {
  const [head = '', name = ''] = path.split('.', 2);
  switch (head) {
    case 'colours':
      return t(`colour.${name}`);
    case 'images':
      return t(`image.${name}`);
    case 'field':
      return t('difference.field', { name: fieldName(value as Field | undefined, name) });
    case 'translation':
      return t('difference.translation', { language: name, text: path.slice(`translation.${name}.`.length, 60) });
    case 'language':
      return t('difference.language', { language: name });
    default:
      return t(`difference.${head}`);
  }
}

const fieldName = (field: Field | undefined, key: string): string => (field && field.label !== '' ? field.label : key);

/** A piece in a few words. */
export function pieceText(t: TFunction<'designer'>, value: unknown, other?: unknown): string {
  if (value === null || value === undefined || value === '') return t('difference.nothing');
  if (value === true) return t('difference.there');
  if (typeof value === 'string') return value.startsWith("img_") ? t('difference.picture') : value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return t('difference.entries', { count: value.length });
  const known = (typeof other === 'object' && other !== null ? other : {}) as Record<string, unknown>;
  return Object.entries(value as Record<string, unknown>)
    .filter(([name, part]) => JSON.stringify(part) !== JSON.stringify(known[name]) && part !== null && part !== '')
    .map(([name, part]) => (name === 'shape' ? t(`shape.${String(part)}`) : Array.isArray(part) ? part.join(', ') : JSON.stringify(part).replace(/^"|"$/g, '')))
    .join(' · ');
}

/** What differs between two designs, piece by piece. */
export function Differences({ differences }: { readonly differences: readonly Difference[] }) {
  const { t } = useTranslation('designer');
  if (differences.length === 0) return <Text c="dimmed">{t('difference.none')}</Text>;
  return (
    <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {differences.map(({ path, before, after }) => (
        <Paper key={path} component="li" withBorder p="xs" data-difference={path}>
          <Text size="xs" fw={600} c="dimmed" dir="auto">{pieceName(t, path, after ?? before)}</Text>
          <Group gap="xs" wrap="nowrap" align="center">
            <Piece value={before} other={after} isOld />
            <IconArrowRight size={16} aria-label={t('difference.becomes')} className="mantine-rotate-rtl" style={{ flex: 'none' }} />
            <Piece value={after} other={before} />
          </Group>
        </Paper>
      ))}
    </Stack>
  );
}

function Piece({ value, other, isOld = false }: { readonly value: unknown; readonly other: unknown; readonly isOld?: boolean }) {
  const { t } = useTranslation('designer');
  return (
    <Group gap={6} wrap="nowrap" style={{ minWidth: 0, flex: 1 }}>
      {typeof value === 'string' && isColour(value) && <ColorSwatch color={value} size={16} />}
      <Text size="sm" dir="auto" lineClamp={3} {...(isOld ? { className: styles.old, c: 'dimmed' } : {})} style={{ overflowWrap: 'anywhere' }}>{pieceText(t, value, other)}</Text>
    </Group>
  );
}
