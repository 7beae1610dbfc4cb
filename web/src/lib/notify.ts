/** A word that something was done, or could not be. */
import { notifications } from '@mantine/notifications';

const show = (message: string, color: string) =>
  notifications.show({ message, color, autoClose: color === 'red' ? 8000 : 3000 });

export function tell(message: string): void {
  show(message, 'teal');
}

/** For what has no place on the page where its fault could stand. */
export function tellFault(fault: Error): void {
  show(fault.message, 'red');
}
