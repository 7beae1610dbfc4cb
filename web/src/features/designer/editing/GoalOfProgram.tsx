import { Alert, Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';

import { usePrograms } from '../requests';

interface GoalOfProgramProps {
  readonly goal: number;
  readonly most: number;
  readonly onDraw: (goal: number) => void;
}

/** Says when a program asks for another number of stamps than are drawn: its texts and the picture would differ. */
export function GoalOfProgram({ goal, most, onDraw }: GoalOfProgramProps) {
  const { t } = useTranslation('designer');
  const { id } = useParams();
  const program = usePrograms().data?.items.find((each) => each.template_id === id && each.kind === 'stamps' && each.goal !== goal);
  const asked = program?.goal;
  if (!asked) return null;
  return (
    <Alert color="orange" role="status">
      <Group justify="space-between" gap="xs">
        <Text size="sm" style={{ flex: '1 1 12rem' }}>{t('stamps.otherGoal', { name: program.name, count: asked })}</Text>
        {asked <= most && (
          <Button size="compact-sm" variant="light" color="orange" onClick={() => onDraw(asked)}>
            {t('stamps.drawAsked', { count: asked })}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
