import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Fault } from './Fault';

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly pending?: boolean;
  readonly fault?: unknown;
  readonly disabled?: boolean;
  readonly danger?: boolean;
}

/** Asks once more, saying what would happen; a refusal stays in the dialog. */
export function ConfirmDialog({ opened, title, action, onConfirm, onClose, children, pending = false, fault, disabled = false, danger = false }: ConfirmDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          onConfirm();
        }}
      >
        <Stack>
          {fault !== null && fault !== undefined && <Fault fault={fault} />}
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={pending} disabled={disabled} {...(danger ? { color: 'red' } : {})}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
