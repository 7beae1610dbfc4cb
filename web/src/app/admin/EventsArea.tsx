import { lazy } from 'react';

import { EventsPage, type PosterProps } from '@/features/events/EventsPage';

const Poster = lazy(async () => {
  const [{ PosterPanel }, { printedTickets }] = await Promise.all([
    import('@/features/distribution/poster/PosterPanel'),
    import('@/features/distribution/poster/poster'),
  ]);
  return { default: ({ eventId, linkId }: PosterProps) => <PosterPanel of={printedTickets(eventId, linkId)} /> };
});

/** Events, with the posters of their links, which distribution draws. */
export function EventsArea() {
  return <EventsPage poster={Poster} />;
}
