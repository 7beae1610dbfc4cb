import { ActionIcon, Badge, Button, Group, Text, Title, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconDeviceMobile, IconHistory } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';

import type { Template } from './requests';

interface DesignerBarProps {
  readonly template: Template;
  readonly base: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly isDirty: boolean;
  readonly isChecking: boolean;
  readonly isSaving: boolean;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onSave: () => void;
  readonly onOpen: (dialog: 'versions' | 'publish' | 'phone') => void;
}

/** Where we are, what state the work is in, and everything that can be done with it as a whole. */
export const DesignerBar = memo(function DesignerBar({ template, base, canUndo, canRedo, errors, warnings, isDirty, isChecking, isSaving, onUndo, onRedo, onSave, onOpen }: DesignerBarProps) {
  const { t } = useTranslation('designer');
  const may = useMay();
  const state = isDirty ? 'unsaved' : template.published_version === base ? 'published' : 'draft';
  return (
    <Group justify="space-between" align="center" gap="sm">
      <div style={{ minWidth: 0 }}>
        <BackLink to="/designs" label={t('list.title')} />
        <Group gap="xs">
          <Title order={1} size="h3" dir="auto">{template.name}</Title>
          <Badge variant="light" tt="none" color={state === 'published' ? 'teal' : state === 'draft' ? 'blue' : 'gray'}>{t(`state.${state}`, { version: base })}</Badge>
        </Group>
        <Text size="xs" c="dimmed" role="status">
          {isChecking ? t('bar.checking') : errors > 0 ? t('bar.errors', { count: errors }) : warnings > 0 ? t('bar.warnings', { count: warnings }) : t('bar.fine')}
        </Text>
      </div>
      <Group gap={6}>
        <Act label={t('bar.undo')} icon={IconArrowBackUp} disabled={!canUndo} onClick={onUndo} />
        <Act label={t('bar.redo')} icon={IconArrowForwardUp} disabled={!canRedo} onClick={onRedo} />
        <Act label={t('versions.title')} icon={IconHistory} onClick={() => onOpen('versions')} />
        {may('programs:write') && (
          <>
            <Act label={t('phone.title')} icon={IconDeviceMobile} disabled={errors > 0} onClick={() => onOpen('phone')} />
            <Button px="sm" variant="default" onClick={onSave} loading={isSaving} disabled={!isDirty || errors > 0}>{t('bar.save')}</Button>
            <Button px="sm" onClick={() => onOpen('publish')} disabled={errors > 0 || state === 'published'}>{t('bar.publish')}</Button>
          </>
        )}
      </Group>
    </Group>
  );
});

interface ActProps {
  readonly label: string;
  readonly icon: typeof IconHistory;
  readonly onClick: () => void;
  readonly disabled?: boolean;
}

function Act({ label, icon: Symbol, onClick, disabled = false }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size="lg" aria-label={label} onClick={onClick} disabled={disabled}>
        <Symbol size={20} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
