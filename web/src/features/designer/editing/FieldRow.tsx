import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { ActionIcon, Badge, Collapse, Group, Paper, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconArrowDown, IconArrowUp, IconChevronDown, IconGripVertical, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Field } from '../model/design';
import { type Spot, findField, moveField, neighbour, removeField } from '../model/fields';

import { useDesk } from './desk';
import styles from './designer.module.css';
import { FieldForm } from './FieldForm';

interface FieldRowProps {
  readonly field: Field;
  readonly spot: Spot;
  readonly isHidden: boolean;
}

/** One field in the list; opened, everything about it can be changed. */
export function FieldRow({ field, spot, isHidden }: FieldRowProps) {
  const { t } = useTranslation('designer');
  const { design, change, findings, picked, pick } = useDesk();
  const { setNodeRef, attributes, listeners, transform, transition, isDragging } = useSortable({ id: field.key });
  const isOpen = picked === field.key;
  const name = field.label === '' ? field.key : field.label;
  const path = `fields.${spot.area}.${spot.index}`;
  const isFaulty = findings.some((each) => each.path.startsWith(`${path}.`));
  const earlier = neighbour(design, spot, -1);
  const later = neighbour(design, spot, 1);
  const move = (to: Spot | null) => to && change((now) => moveField(now, spot, to));
  const style = { transform: CSS.Translate.toString(transform), transition, opacity: isDragging ? 0.4 : 1 };
  return (
    <Paper ref={setNodeRef} withBorder className={styles.field} style={style} data-field={field.key}>
      <Group gap={4} wrap="nowrap" p={4}>
        <ActionIcon variant="subtle" color="gray" className={styles.handle} aria-label={t('field.drag', { name })} {...attributes} {...listeners}>
          <IconGripVertical size={18} aria-hidden />
        </ActionIcon>
        <UnstyledButton className={styles.fieldName} onClick={() => pick(isOpen ? null : field.key)} aria-expanded={isOpen} aria-label={t('field.edit', { name })}>
          <Text size="sm" fw={600} truncate><bdi>{name}</bdi></Text>
          <Text size="xs" c="dimmed" truncate><bdi>{field.value || t('field.noValue')}</bdi></Text>
        </UnstyledButton>
        {isHidden && <Badge size="xs" color="orange" variant="light" tt="none" className={styles.limit}>{t('field.hidden')}</Badge>}
        {isFaulty && !isOpen && <IconAlertTriangle size={16} color="var(--designer-warning)" aria-label={t('field.faulty')} />}
        <Mover label={t('field.earlier', { name })} disabled={!earlier} onClick={() => move(earlier)} icon={IconArrowUp} />
        <Mover label={t('field.later', { name })} disabled={!later} onClick={() => move(later)} icon={IconArrowDown} />
        <Mover label={t('field.remove', { name })} onClick={() => change((now) => removeField(now, spot))} icon={IconTrash} />
        <IconChevronDown size={16} aria-hidden style={{ flex: 'none', rotate: isOpen ? '180deg' : undefined }} />
      </Group>
      <Collapse expanded={isOpen}>{isOpen && <FieldForm field={field} spot={spot} />}</Collapse>
    </Paper>
  );
}

interface MoverProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly icon: typeof IconTrash;
  readonly disabled?: boolean;
}

function Mover({ label, onClick, icon: Symbol, disabled = false }: MoverProps) {
  return (
    <Tooltip label={label} openDelay={400}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} disabled={disabled} onClick={onClick}>
        <Symbol size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
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
