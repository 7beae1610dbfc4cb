import { Alert, Button, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import classes from './scanner.module.css';

interface NotNowProps {
  /** Red for what will never do, yellow for what somebody can change. */
  readonly colour: 'red' | 'yellow';
  readonly why: string;
  readonly onNext: () => void;
}

/** Why nothing can be done with what lies on the counter, and the way on. */
export function NotNow({ colour, why, onNext }: NotNowProps) {
  const { t } = useTranslation('scanner');
  return (
    <>
      <Alert color={colour} icon={<IconInfoCircle aria-hidden />} role="alert">
        <Text size="lg" fw={600}>
          {why}
        </Text>
      </Alert>
      <Button size="xl" className={classes.main} mt="auto" onClick={onNext}>
        {t('scan.next')}
      </Button>
    </>
  );
}
