import {
  DndContext, type DragEndEvent, DragOverlay, KeyboardSensor, PointerSensor, closestCenter, useDroppable, useSensor, useSensors,
} from '@dnd-kit/core'; // prettier-ignore
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { AREAS, type Area, type Design } from '../model/design';
import { type Spot, addField, findField, freshKey, hasRoom, moveField } from '../model/fields';
import { APPLE_SHOWS } from '../model/limits';

import { useDesk } from './desk';
import styles from './designer.module.css';
import { FieldRow, FieldShadow } from './FieldRow';
import { Findings } from './Findings';

const AREA_ID = 'area:';

/** The fields in their areas: dragged by the handle, or moved with the buttons beside it. */
export function FieldsPanel() {
  const { t } = useTranslation('designer');
  const { change } = useDesk();
  const [dragged, setDragged] = useState<string | null>(null);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const drop = ({ active, over }: DragEndEvent) => {
    setDragged(null);
    if (!over) return;
    change((now) => dropped(now, String(active.id), String(over.id)));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={{ screenReaderInstructions: { draggable: t('field.dragHint') } }}
      onDragStart={({ active }) => setDragged(String(active.id))}
      onDragCancel={() => setDragged(null)}
      onDragEnd={drop}
    >
      <Stack gap="md">
        <Findings path="fields" />
        {AREAS.map((area) => (
          <AreaBox key={area} area={area} />
        ))}
      </Stack>
      <DragOverlay>{dragged !== null && <FieldShadow fieldKey={dragged} />}</DragOverlay>
    </DndContext>
  );
}

/** Where a field ends up when it is let go over another one, or over an area. */
function dropped(design: Design, key: string, over: string): Design {
  const from = findField(design, key);
  if (!from) return design;
  const to: Spot | null = over.startsWith(AREA_ID) ? { area: over.slice(AREA_ID.length) as Area, index: Infinity } : findField(design, over);
  return to ? moveField(design, from, to) : design;
}

function AreaBox({ area }: { readonly area: Area }) {
  const { t } = useTranslation('designer');
  const { design, change, pick } = useDesk();
  const { setNodeRef, isOver } = useDroppable({ id: AREA_ID + area });
  const fields = design.fields[area];
  const limit = APPLE_SHOWS[area];
  const add = () => {
    pick(freshKey(design));
    change((now) => addField(now, area, { label: t('field.newLabel'), value: t('field.newValue') }));
  };
  return (
    <Paper ref={setNodeRef} component="section" withBorder p="xs" className={styles.area} data-over={isOver || undefined} aria-label={t(`area.${area}`)}>
      <Group justify="space-between" mb={6} gap="xs">
        <Title order={3} size="h6">
          {t(`area.${area}`)}
        </Title>
        {Number.isFinite(limit) && (
          <Badge variant="light" color={fields.length > limit ? 'orange' : 'gray'} tt="none" fw={500} className={styles.limit}>
            {t('area.shown', { count: Math.min(fields.length, limit), limit })}
          </Badge>
        )}
      </Group>
      <SortableContext items={fields.map(({ key }) => key)} strategy={verticalListSortingStrategy}>
        <Stack gap={6}>
          {fields.map((field, index) => (
            <FieldRow key={field.key} field={field} spot={{ area, index }} isHidden={index >= limit} />
          ))}
          {fields.length === 0 && (
            <Text size="sm" c="dimmed" ta="center" py={4}>
              {t('area.empty')}
            </Text>
          )}
        </Stack>
      </SortableContext>
      <Findings path={`fields.${area}`} />
      <Button mt={6} size="compact-sm" variant="subtle" leftSection={<IconPlus size={16} aria-hidden />} disabled={!hasRoom(design, area)} onClick={add} aria-label={t('field.addTo', { area: t(`area.${area}`) })}>
        {t('field.add')}
      </Button>
    </Paper>
  );
}
