import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PanelHeadProps {
  readonly title: string;
  readonly lead: string;
  readonly action?: ReactNode;
}

/** The head of a part of a page: its title, what it is for, and the one thing to do there. */
export function PanelHead({ title, lead, action }: PanelHeadProps) {
  return (
    <Group justify="space-between" align="flex-start">
      <div style={{ flex: '1 1 16rem' }}>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed" size="sm" maw={640}>
          {lead}
        </Text>
      </div>
      {action}
    </Group>
  );
}
