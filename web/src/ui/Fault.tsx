import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface FaultProps {
  readonly fault: unknown;
  readonly retry?: () => void;
}

/** What went wrong in a sentence, and a way to try again. */
export function Fault({ fault, retry }: FaultProps) {
  const { t } = useTranslation();
  return (
    <Alert icon={<IconAlertTriangle aria-hidden />} color="red" role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{fault instanceof Error ? fault.message : t('failed')}</Text>
        {retry && (
          <Button size="xs" variant="light" color="red" onClick={retry}>
            {t('retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
