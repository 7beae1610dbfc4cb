import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface BoundaryProps {
  /** Where the reader is: elsewhere is drawn again, whatever failed here. */
  readonly at?: string;
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly failed: boolean;
}

/** Keeps what stands around a page when the page itself cannot be drawn. React knows this as a class alone. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failed: false };

  static getDerivedStateFromError(): BoundaryState {
    return { failed: true };
  }

  override componentDidUpdate(before: BoundaryProps): void {
    if (this.state.failed && before.at !== this.props.at) this.setState({ failed: false });
  }

  override render(): ReactNode {
    return this.state.failed ? <NotDrawn /> : this.props.children;
  }
}

function NotDrawn() {
  const { t } = useTranslation();
  return (
    <Alert icon={<IconAlertTriangle aria-hidden />} color="red" role="alert" m="md">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('notDrawn')}</Text>
        <Button size="xs" variant="light" color="red" onClick={() => window.location.reload()}>
          {t('loadAgain')}
        </Button>
      </Stack>
    </Alert>
  );
}
