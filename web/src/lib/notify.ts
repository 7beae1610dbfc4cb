/** A word that something was done. */
import { notifications } from '@mantine/notifications';

export function tell(message: string): void {
  notifications.show({ message, color: 'teal', autoClose: 3000 });
}
