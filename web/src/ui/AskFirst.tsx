import { Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';

import { ConfirmDialog } from './ConfirmDialog';

interface AskFirstProps {
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  readonly write: {
    readonly mutate: (nothing: undefined, then: { readonly onSuccess: () => void }) => void;
    readonly isPending: boolean;
    readonly error: unknown;
    readonly reset: () => void;
  };
  /** The button, which calls `ask`. */
  readonly children: (ask: () => void) => ReactNode;
}

/** A write that cannot be taken back: its button asks once more, saying what would happen. */
export function AskFirst({ title, lead, action, write, children }: AskFirstProps) {
  const [isAsking, { open, close }] = useDisclosure(false);
  return (
    <>
      {children(() => {
        write.reset(); // a refusal of an earlier try is not one of this
        open();
      })}
      <ConfirmDialog
        opened={isAsking}
        title={title}
        action={action}
        onConfirm={() => write.mutate(undefined, { onSuccess: close })}
        onClose={close}
        pending={write.isPending}
        fault={write.error}
        danger
      >
        <Text size="sm">{lead}</Text>
      </ConfirmDialog>
    </>
  );
}
