import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface ShownOnceProps {
  readonly label: string;
  readonly hint: string;
  readonly secret: string;
}

/** Something that nobody can see again: a link, a key, codes. It stays left to right, whatever the language. */
export function ShownOnce({ label, hint, secret }: ShownOnceProps) {
  const { t } = useTranslation();
  return (
    <Alert icon={<IconEye aria-hidden />} title={label} color="yellow" variant="light">
      <Stack gap="xs">
        <Text size="sm">{hint}</Text>
        <Code block dir="ltr" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }} data-testid="shown-once">
          {secret}
        </Code>
        <Group>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button
                size="xs"
                variant="default"
                leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                onClick={copy}
              >
                {t(copied ? 'copied' : 'copy')}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Stack>
    </Alert>
  );
}
