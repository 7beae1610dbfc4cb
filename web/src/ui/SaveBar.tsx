import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { LeaveGuard } from './LeaveGuard';
import styles from './SaveBar.module.css';

interface SaveBarProps {
  readonly isDirty: boolean;
  readonly pending: boolean;
  readonly action?: string;
  readonly onDiscard?: () => void;
  readonly more?: ReactNode;
  readonly disabled?: boolean;
  /** Nothing was saved before: it can be saved as it stands. */
  readonly isNew?: boolean;
}

/** The end of a form: says what is not saved, saves it, and asks before it is left. */
export function SaveBar({ isDirty, pending, action, onDiscard, more, disabled = false, isNew = false }: SaveBarProps) {
  const { t } = useTranslation();
  return (
    <Group className={styles.bar ?? ''} justify="flex-end" gap="sm" mt="md">
      <LeaveGuard when={isDirty && !pending} />
      {isDirty && (
        <Text size="sm" c="dimmed" me="auto" role="status">
          {t('unsaved')}
        </Text>
      )}
      {more}
      {onDiscard && isDirty && (
        <Button variant="default" onClick={onDiscard}>
          {t('discard')}
        </Button>
      )}
      <Button type="submit" loading={pending} disabled={disabled || !(isDirty || isNew)}>
        {action ?? t('save')}
      </Button>
    </Group>
  );
}
