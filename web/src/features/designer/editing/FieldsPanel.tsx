import {
  DndContext, type DragEndEvent, DragOverlay, type DragStartEvent, KeyboardSensor, PointerSensor, closestCenter, useDroppable, useSensor, useSensors,
} from '@dnd-kit/core'; // prettier-ignore
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { memo, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { AREAS, type Area, type Design, type Field } from '../model/design';
import { KEPT, type Spot, addField, findField, freshKey, moveField, neighbour } from '../model/fields';
import { APPLE_SHOWS } from '../model/limits';

import { type Finding, useDesk, useHands } from './desk';
import styles from './designer.module.css';
import { FieldRow, FieldShadow } from './FieldRow';
import { Findings } from './Findings';

const AREA_ID = 'area:';

/** The fields in their areas: dragged by the handle, or moved with the buttons beside it. */
export function FieldsPanel() {
  const { t } = useTranslation('designer');
  const { change } = useHands();
  const { design, findings, picked } = useDesk();
  const nextKey = freshKey(design);
  const [dragged, setDragged] = useState<string | null>(null);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const told = useMemo(() => ({ screenReaderInstructions: { draggable: t('field.dragHint') } }), [t]);
  const lift = useCallback(({ active }: DragStartEvent) => setDragged(String(active.id)), []);
  const leave = useCallback(() => setDragged(null), []);
  const drop = useCallback(
    ({ active, over }: DragEndEvent) => {
      setDragged(null);
      if (over) change((now) => dropped(now, String(active.id), String(over.id)));
    },
    [change],
  );
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={told}
      onDragStart={lift}
      onDragCancel={leave}
      onDragEnd={drop}
    >
      <Stack gap="md">
        <Findings path="fields" />
        {AREAS.map((area) => (
          <AreaBox
            key={area}
            area={area}
            fields={design.fields[area]}
            open={design.fields[area].find(({ key }) => key === picked)?.key}
            faulty={faultyKeys(design, area, findings)}
            hasEarlier={neighbour(design, { area, index: 0 }, -1) !== null}
            hasLater={neighbour(design, { area, index: design.fields[area].length - 1 }, 1) !== null}
            nextKey={nextKey}
          />
        ))}
      </Stack>
      <DragOverlay>{dragged !== null && <FieldShadow fieldKey={dragged} />}</DragOverlay>
    </DndContext>
  );
}

const faultyKeys = (design: Design, area: Area, findings: readonly Finding[]): string =>
  design.fields[area]
    .filter((_, index) => findings.some(({ path }) => path.startsWith(`fields.${area}.${index}.`)))
    .map(({ key }) => key)
    .join(' ');

/** Where a field ends up when it is let go over another one, or over an area. */
function dropped(design: Design, key: string, over: string): Design {
  const from = findField(design, key);
  if (!from) return design;
  const to: Spot | null = over.startsWith(AREA_ID) ? { area: over.slice(AREA_ID.length) as Area, index: Infinity } : findField(design, over);
  return to ? moveField(design, from, to) : design;
}

interface AreaBoxProps {
  readonly area: Area;
  readonly fields: readonly Field[];
  /** The field that is open, when it is one of these. */
  readonly open: string | undefined;
  /** Keys of fields with something to mend, apart by spaces: the same text means nothing has changed. */
  readonly faulty: string;
  readonly hasEarlier: boolean;
  readonly hasLater: boolean;
  readonly nextKey: string;
}

/** One area; typing into a field of another draws nothing here again. */
const AreaBox = memo(function AreaBox({ area, fields, open, faulty, hasEarlier, hasLater, nextKey }: AreaBoxProps) {
  const { t } = useTranslation('designer');
  const { change, pick } = useHands();
  const { setNodeRef, isOver } = useDroppable({ id: AREA_ID + area });
  const limit = APPLE_SHOWS[area];
  const names = fields.map(({ key }) => key).join(' ');
  const items = useMemo(() => names.split(' ').filter(Boolean), [names]); // the same list while only texts change
  const add = () => {
    pick(nextKey);
    change((now) => addField(now, area, { label: t('field.newLabel'), value: t('field.newValue') }));
  };
  return (
    <Paper ref={setNodeRef} component="section" withBorder p="xs" className={styles.area} data-over={isOver || undefined} aria-label={t(`area.${area}`)}>
      <Group justify="space-between" mb={6} gap="xs">
        <Title order={2} size="h6">
          {t(`area.${area}`)}
        </Title>
        {Number.isFinite(limit) && (
          <Badge variant="light" color={fields.length > limit ? 'orange' : 'gray'} tt="none" fw={500} className={styles.limit}>
            {t('area.shown', { count: Math.min(fields.length, limit), limit })}
          </Badge>
        )}
      </Group>
      <SortableContext items={items} strategy={verticalListSortingStrategy}>
        <Stack gap={6}>
          {fields.map((field, index) => (
            <FieldRow
              key={field.key}
              field={field}
              area={area}
              index={index}
              isHidden={index >= limit}
              isOpen={open === field.key}
              isFaulty={faulty.split(' ').includes(field.key)}
              isFirst={index === 0 && !hasEarlier}
              isLast={index === fields.length - 1 && !hasLater}
            />
          ))}
          {fields.length === 0 && (
            <Text size="sm" c="dimmed" ta="center" py={4}>
              {t('area.empty')}
            </Text>
          )}
        </Stack>
      </SortableContext>
      <Findings path={`fields.${area}`} />
      <Button mt={6} size="compact-sm" variant="subtle" leftSection={<IconPlus size={16} aria-hidden />} disabled={fields.length >= KEPT[area]} onClick={add} aria-label={t('field.addTo', { area: t(`area.${area}`) })}>
        {t('field.add')}
      </Button>
    </Paper>
  );
});
