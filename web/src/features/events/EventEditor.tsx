import { Button, Checkbox, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { type Refused, refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { Fault } from '@/ui/Fault';
import { InstantInput } from '@/ui/InstantInput';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { QuantityInput } from '@/ui/QuantityInput';
import { SaveBar } from '@/ui/SaveBar';
import { TranslatedInput } from '@/ui/TranslatedInput';

import { ELSEWHERE, type TicketedEvent, type Values, eventIn, newEvent, valuesOf } from './event';
import { EVENTS, useLocations } from './requests';

const FIELDS = { event_times_do_not_fit: 'starts_at', capacity_below_issued: 'capacity' };

/** A new event. */
export function NewEvent() {
  const { t } = useTranslation('events');
  const locations = useLocations();
  return (
    <>
      <BackLink to="/events" label={t('title')} />
      <Page title={t('add')} lead={t('addLead')}>
        <Loaded query={locations}>{(known) => <EventForm event={null} locations={known} />}</Loaded>
      </Page>
    </>
  );
}

/** What is on, where and when; the cards of its tickets follow. */
export function EditEvent({ event }: { readonly event: TicketedEvent }) {
  const locations = useLocations();
  return <Loaded query={locations}>{(known) => <EventForm key={event.id} event={event} locations={known} />}</Loaded>;
}

interface EventFormProps {
  readonly event: TicketedEvent | null;
  readonly locations: readonly { readonly id: string; readonly name: string }[];
}

function EventForm({ event, locations }: EventFormProps) {
  const { t } = useTranslation('events');
  const navigate = useNavigate();
  const canWrite = useMay()('tickets:write');
  const { value, set, isDirty, replace, settle } = useDraft<Values>(event ? valuesOf(event) : newEvent(locations.at(-1)?.id ?? ELSEWHERE));
  const save = useSaving({
    save: async (sent: Values) =>
      event
        ? data(await api.PATCH('/api/v1/ticketed-events/{event_id}', { params: { path: { event_id: event.id } }, body: eventIn(sent) }))
        : data(await api.POST('/api/v1/ticketed-events', { body: eventIn(sent) })),
    refresh: [EVENTS],
    onSaved: (saved, sent) => (event ? settle(valuesOf(saved), sent) : void navigate(`/events/${saved.id}`)),
  });
  const faults = refused(save.error, FIELDS);
  return (
    <form
      style={{ maxWidth: 680 }}
      onSubmit={(submitted) => {
        submitted.preventDefault();
        save.mutate(value);
      }}
    >
      <fieldset disabled={!canWrite} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
        <Stack>
          {faults.above !== null && <Fault fault={faults.above} />}
          <TranslatedInput label={t('field.name')} required value={value.name} texts={value.names} onChange={(name, names) => set({ name, names })} error={faults.at('name')} />
          <PlaceFields value={value} set={set} locations={locations} refused={faults} />
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <InstantInput label={t('field.doorsAt')} value={value.doorsAt} onChange={(doorsAt) => set({ doorsAt })} error={faults.at('doors_at')} />
            <InstantInput label={t('field.startsAt')} required value={value.startsAt} onChange={(startsAt) => set({ startsAt })} error={faults.at('starts_at')} />
            <InstantInput label={t('field.endsAt')} value={value.endsAt} onChange={(endsAt) => set({ endsAt })} error={faults.at('ends_at')} />
          </SimpleGrid>
          <QuantityInput label={t('field.capacity')} description={t('field.capacityHint')} min={1} max={1_000_000} maw={320} value={value.capacity} onChange={(capacity) => set({ capacity })} error={faults.at('capacity')} />
          <Checkbox label={t('field.reentry')} description={t('field.reentryHint')} checked={value.reentry} onChange={({ currentTarget }) => set({ reentry: currentTarget.checked })} />
        </Stack>
      </fieldset>
      {canWrite &&
        (event ? (
          <SaveBar isDirty={isDirty} pending={save.isPending} onDiscard={() => replace(valuesOf(event))} />
        ) : (
          <SaveBar isDirty={isDirty} isNew pending={save.isPending} action={t('plan')} more={<Button component={Link} to="/events" variant="default">{t('common:cancel')}</Button>} />
        ))}
    </form>
  );
}

interface PlaceFieldsProps {
  readonly value: Values;
  readonly set: (change: Partial<Values>) => void;
  readonly locations: EventFormProps['locations'];
  readonly refused: Refused;
}

function PlaceFields({ value, set, locations, refused: faults }: PlaceFieldsProps) {
  const { t } = useTranslation('events');
  const places = [...locations.map(({ id, name }) => ({ value: id, label: name })), { value: ELSEWHERE, label: t('elsewhere') }];
  return (
    <>
      <Select label={t('field.place')} data={places} value={value.place} allowDeselect={false} maw={420} onChange={(place) => set({ place: place ?? ELSEWHERE })} />
      {value.place === ELSEWHERE && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t('field.venue')} required maxLength={100} dir="auto" value={value.venue} onChange={({ currentTarget }) => set({ venue: currentTarget.value })} error={faults.at('venue_name')} />
          <TextInput label={t('field.address')} description={t('field.addressHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} maxLength={500} dir="auto" value={value.address} onChange={({ currentTarget }) => set({ address: currentTarget.value })} error={faults.at('venue_address')} />
        </SimpleGrid>
      )}
    </>
  );
}
