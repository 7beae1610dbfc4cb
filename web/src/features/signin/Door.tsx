import { Center, Group, Paper, Stack, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

import { LanguageMenu } from '@/ui/LanguageMenu';

interface DoorProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** The frame of every page that nobody must be signed in for. */
export function Door({ title, children }: DoorProps) {
  useDocumentTitle(`${title} · Passerelle`);
  return (
    <Center mih="100dvh" p="md">
      <Paper component="main" withBorder shadow="sm" radius="lg" p="xl" w="100%" maw={420}>
        <Stack>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Title order={1} size="h3">
              {title}
            </Title>
            <LanguageMenu />
          </Group>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
