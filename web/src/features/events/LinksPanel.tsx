import { Badge, Button, Card, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconCopy, IconDownload, IconLink, IconPrinter } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { useList } from '@/lib/paging';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Listed } from '@/ui/Listed';

import type { TicketedEvent } from './event';

/** Public links: whoever opens one may take a ticket, one for each phone. */
export function LinksPanel({ event }: { readonly event: TicketedEvent }) {
  const { t } = useTranslation('events');
  const mayWrite = useMay()('tickets:write');
  const key = ['ticket-links', event.id];
  const path = { event_id: event.id };
  const list = useList(key, async (query) => data(await api.GET('/api/v1/ticketed-events/{event_id}/handout-links', { params: { path, query } })));
  const make = useSaving({
    save: async () => data(await api.POST('/api/v1/ticketed-events/{event_id}/handout-links', { params: { path }, body: { name: event.name, ...(event.capacity === null ? {} : { max_codes: Math.min(event.capacity, 100_000) }) } })),
    refresh: [key],
  });
  const add = mayWrite && event.state === 'published' && <Button loading={make.isPending} leftSection={<IconLink size={18} aria-hidden />} onClick={() => make.mutate()}>{t('links.add')}</Button>;
  return (
    <Stack maw={760}>
      <Text c="dimmed">{t('links.lead')}</Text>
      {make.isError && <Fault fault={make.error} />}
      <Listed list={list} empty={<Empty icon={IconLink} title={t('links.none')} hint={t('links.noneHint')} action={add} />}>
        {(links) => (
          <>
            {links.map((link) => <OneLink key={link.id} link={link} eventId={event.id} />)}
            <Group>{add}</Group>
          </>
        )}
      </Listed>
    </Stack>
  );
}

function OneLink({ link, eventId }: { readonly link: Schemas['HandoutLinkOut']; readonly eventId: string }) {
  const { t } = useTranslation('events');
  const mayWrite = useMay()('tickets:write');
  const path = { event_id: eventId, link_id: link.id };
  const turn = useSaving({
    save: async () => data(await api.PATCH('/api/v1/ticketed-events/{event_id}/handout-links/{link_id}', { params: { path }, body: { active: !link.active } })),
    refresh: [['ticket-links', eventId]],
  });
  const picture = `/api/v1/ticketed-events/${eventId}/handout-links/${link.id}/qr`;
  return (
    <Card withBorder component="section" aria-label={link.name}>
      <Group align="flex-start" wrap="nowrap">
        <img src={`${picture}.svg`} width={120} height={120} alt={t('links.code')} />
        <Stack gap="xs" flex={1}>
          <Group justify="space-between">
            <Text fw={600} dir="auto">{link.name}</Text>
            <Badge color={link.active ? 'teal' : 'gray'} variant="light" tt="none">{t(link.active ? 'links.on' : 'links.off')}</Badge>
          </Group>
          <TextInput aria-label={t('common:link.address')} value={link.url} readOnly dir="ltr" onFocus={(focused) => focused.currentTarget.select()} />
          <Text size="sm" c="dimmed">{t('links.given', { given: link.handed_out, of: link.max_codes })}</Text>
          {turn.isError && <Fault fault={turn.error} />}
          <Group gap="xs">
            <CopyButton value={link.url}>{({ copied, copy }) => <Button size="compact-sm" variant="light" leftSection={<IconCopy size={16} aria-hidden />} onClick={copy}>{t(copied ? 'common:copied' : 'common:copy')}</Button>}</CopyButton>
            <Button size="compact-sm" variant="light" component="a" href={`${picture}.png?size=1024`} download="tickets.png" leftSection={<IconDownload size={16} aria-hidden />}>{t('links.download')}</Button>
            <Button size="compact-sm" variant="light" component={Link} to={`/events/${eventId}/links/${link.id}/poster`} leftSection={<IconPrinter size={16} aria-hidden />}>{t('links.poster')}</Button>
            {mayWrite && <Button size="compact-sm" variant="default" loading={turn.isPending} onClick={() => turn.mutate()}>{t(link.active ? 'links.switchOff' : 'links.switchOn')}</Button>}
          </Group>
        </Stack>
      </Group>
    </Card>
  );
}
