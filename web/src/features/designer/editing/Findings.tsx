import { Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconExclamationCircle } from '@tabler/icons-react';

import { type Finding, useDesk } from './desk';

interface FindingsProps {
  readonly path: string;
  /** Also what is wrong below this path. */
  readonly isDeep?: boolean;
}

/** What was found at one place of the design: errors keep it from being saved, warnings do not. */
export function Findings({ path, isDeep = false }: FindingsProps) {
  const { findings } = useDesk();
  return <FindingList findings={findings.filter((each) => each.path === path || (isDeep && each.path.startsWith(`${path}.`)))} />;
}

export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <Stack gap={4} mt={4} role="status">
      {findings.map(({ severity, code, path, sentence }) => {
        const isError = severity === 'error';
        const Symbol = isError ? IconExclamationCircle : IconAlertTriangle;
        return (
          <Group key={code + path + sentence} gap={6} wrap="nowrap" align="flex-start" c={isError ? 'var(--mantine-color-error)' : 'var(--designer-warning)'} data-finding={code}>
            <Symbol size={15} style={{ flex: 'none', marginTop: 2 }} aria-hidden />
            <Text size="xs" c="inherit">{sentence}</Text>
          </Group>
        );
      })}
    </Stack>
  );
}
