import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';

import type { Schemas } from '@/lib/api';

type Finding = Schemas['IdentityFinding'];
const SEVERITIES = ['error', 'warning', 'note'] as const;
const COLOURS = { error: 'red', warning: 'yellow', note: 'blue' } as const;

/** Every fault in a sentence that says what to do, the worst first; what is only good to know would hide a fault. */
export function Findings({ findings, title }: { readonly findings: readonly Finding[]; readonly title?: string }) {
  if (findings.length === 0) return null;
  const worst = SEVERITIES.find((kind) => findings.some((each) => each.severity === kind)) ?? 'note';
  const shown = SEVERITIES.filter((kind) => worst !== 'error' || kind !== 'note').flatMap((kind) =>
    findings.filter((each) => each.severity === kind),
  );
  const Symbol = worst === 'note' ? IconInfoCircle : IconAlertTriangle;
  const [only] = shown;
  return (
    <Alert
      color={COLOURS[worst]}
      icon={<Symbol aria-hidden />}
      role={worst === 'error' ? 'alert' : 'status'}
      {...(title === undefined ? {} : { title })}
    >
      {shown.length === 1 && only ? (
        <Text size="sm">{only.text}</Text>
      ) : (
        <List size="sm" spacing="xs">
          {shown.map((finding) => (
            <List.Item key={`${finding.code}${finding.text}`}>{finding.text}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
