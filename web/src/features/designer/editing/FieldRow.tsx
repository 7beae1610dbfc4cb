import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { ActionIcon, Badge, Collapse, Group, Paper, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconArrowDown, IconArrowUp, IconChevronDown, IconGripVertical, IconTrash } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Area, Design, Field } from '../model/design';
import { findField, moveField, neighbour, removeField } from '../model/fields';
import { inWords } from '../model/texts';

import { useDesk, useHands } from './desk';
import styles from './designer.module.css';
import { FieldForm } from './FieldForm';

interface FieldRowProps {
  readonly field: Field;
  readonly area: Area;
  readonly index: number;
  readonly isHidden: boolean;
  readonly isFaulty: boolean;
  readonly isOpen: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** One field in the list; opened, everything about it can be changed. Typing in one draws no other again. */
export const FieldRow = memo(function FieldRow({ field, area, index, isHidden, isFaulty, isOpen, isFirst, isLast }: FieldRowProps) {
  const { t } = useTranslation('designer');
  const { change, pick, placeholders } = useHands();
  const { setNodeRef, attributes, listeners, transform, transition, isDragging } = useSortable({ id: field.key });
  const name = field.label === '' ? field.key : field.label;
  const style = { transform: CSS.Translate.toString(transform), transition, opacity: isDragging ? 0.4 : 1 };
  return (
    <Paper ref={setNodeRef} withBorder className={styles.field} style={style} data-field={field.key}>
      <Group gap={4} wrap="nowrap" p={4}>
        <ActionIcon variant="subtle" color="gray" className={styles.handle} {...attributes} {...listeners} aria-label={t('field.drag', { name })}>
          <IconGripVertical size={18} aria-hidden />
        </ActionIcon>
        <UnstyledButton className={styles.fieldName} onClick={() => pick(isOpen ? null : field.key)} aria-expanded={isOpen}>
          <VisuallyHidden>{t('field.edit')} </VisuallyHidden>
          <Text size="sm" fw={600} truncate dir="auto">{name}</Text>
          <Text size="xs" c="dimmed" truncate dir="auto">{inWords(field.value, placeholders) || t('field.noValue')}</Text>
        </UnstyledButton>
        {isHidden && <Badge size="xs" color="orange" variant="light" tt="none" className={styles.limit}>{t('field.hidden')}</Badge>}
        {isFaulty && !isOpen && <IconAlertTriangle size={16} color="var(--designer-warning)" aria-label={t('field.faulty')} />}
        <Mover label={t('field.earlier', { name })} disabled={isFirst} onClick={() => change((now) => moved(now, field.key, -1))} icon={IconArrowUp} />
        <Mover label={t('field.later', { name })} disabled={isLast} onClick={() => change((now) => moved(now, field.key, 1))} icon={IconArrowDown} />
        <Mover label={t('field.remove', { name })} onClick={() => change((now) => removed(now, field.key))} icon={IconTrash} />
        <IconChevronDown size={16} aria-hidden style={{ flex: 'none', rotate: isOpen ? '180deg' : undefined }} />
      </Group>
      <Collapse expanded={isOpen}>{isOpen && <FieldForm field={field} spot={{ area, index }} />}</Collapse>
    </Paper>
  );
});

function moved(design: Design, key: string, step: -1 | 1): Design {
  const from = findField(design, key);
  const to = from && neighbour(design, from, step);
  return from && to ? moveField(design, from, to) : design;
}

function removed(design: Design, key: string): Design {
  const spot = findField(design, key);
  return spot ? removeField(design, spot) : design;
}

interface MoverProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly icon: typeof IconTrash;
  readonly disabled?: boolean;
}

function Mover({ label, onClick, icon: Symbol, disabled = false }: MoverProps) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      <Symbol size={16} aria-hidden />
    </ActionIcon>
  );
}

/** What hangs under the pointer while a field is dragged. */
export function FieldShadow({ fieldKey }: { readonly fieldKey: string }) {
  const { design } = useDesk();
  const spot = findField(design, fieldKey);
  const field = spot && design.fields[spot.area][spot.index];
  return (
    <Paper withBorder shadow="md" p="xs">
      <Text size="sm" fw={600}><bdi>{field && field.label !== '' ? field.label : fieldKey}</bdi></Text>
    </Paper>
  );
}
