import { Box, Center, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyProps {
  readonly icon: Icon;
  readonly title: string;
  /** Nothing for who cannot do anything about it. */
  readonly hint?: string | undefined;
  readonly action?: ReactNode;
}

/** Nothing here yet, and what to do about it. */
export function Empty({ icon: Symbol, title, hint, action }: EmptyProps) {
  return (
    <Center py="xl">
      <Stack align="center" gap="xs" maw={420} ta="center">
        <ThemeIcon size={56} radius="xl" variant="light">
          <Symbol size={30} stroke={1.5} aria-hidden />
        </ThemeIcon>
        <Title order={2} size="h4">
          {title}
        </Title>
        {hint && <Text c="dimmed">{hint}</Text>}
        {action && <Box mt="xs">{action}</Box>}
      </Stack>
    </Center>
  );
}
