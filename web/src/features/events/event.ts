/** An event while it is edited, and as it is saved. */
import type { Schemas } from '@/lib/api';

export type TicketedEvent = Schemas['TicketedEventOut'];
export type Ticket = Schemas['TicketOut'];

/** Where it is: the id of a location of the organization, or a place by name. */
export const ELSEWHERE = 'elsewhere';

export interface Values {
  readonly name: string;
  readonly names: Record<string, string>;
  readonly place: string;
  readonly venue: string;
  readonly address: string;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly doorsAt: string | null;
  readonly capacity: number | null;
  readonly reentry: boolean;
}

export const newEvent = (place: string): Values => ({
  name: '',
  names: {},
  place,
  venue: '',
  address: '',
  startsAt: null,
  endsAt: null,
  doorsAt: null,
  capacity: null,
  reentry: false,
});

export const valuesOf = (event: TicketedEvent): Values => ({
  name: event.name,
  names: event.names,
  place: event.location_id ?? ELSEWHERE,
  venue: event.location_id === null ? event.venue.name : '',
  address: event.location_id === null ? (event.venue.address ?? '') : '',
  startsAt: event.starts_at,
  endsAt: event.ends_at,
  doorsAt: event.doors_at,
  capacity: event.capacity,
  reentry: event.reentry,
});

const placeOf = ({ place, venue, address }: Values) =>
  place === ELSEWHERE ? { venue_name: venue, venue_address: address.trim() || null } : { location_id: place };

export const eventIn = (values: Values): Schemas['TicketedEventIn'] => ({
  name: values.name,
  names: values.names,
  ...placeOf(values),
  starts_at: values.startsAt ?? '',
  ends_at: values.endsAt,
  doors_at: values.doorsAt,
  capacity: values.capacity,
  reentry: values.reentry,
});

export const seatOf = ({ section, row, seat }: Pick<Ticket, 'section' | 'row' | 'seat'>): string =>
  [section, row, seat].filter((part) => part !== '').join(' ');

export const STATE_COLOURS: Readonly<Record<TicketedEvent['state'], string>> = { published: 'teal', cancelled: 'red' };
export const TICKET_COLOURS: Readonly<Record<Ticket['state'], string>> = { issued: 'teal', used: 'blue', cancelled: 'gray' };
