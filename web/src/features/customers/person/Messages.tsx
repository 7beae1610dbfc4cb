import { Badge, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data, type Schemas } from '@/lib/api';
import { instant } from '@/lib/format';
import { useMe } from '@/lib/session';
import { Loaded } from '@/ui/Loaded';
import { MorePages } from '@/ui/MorePages';
import { Section } from '@/ui/Section';

/** How long a mail may be on its way before the page looks whether it went out. */
const LOOK_AGAIN_MS = 4000;

/** What the product wrote to the customer, and whether it went out. */
export function Messages({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation('customers');
  const messages = useInfiniteQuery({
    queryKey: ['customers', customerId, 'messages'],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) =>
      data(
        await api.GET('/api/v1/customers/{customer_id}/messages', {
          params: { path: { customer_id: customerId }, query: { limit: 5, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some((one) => one.state === 'queued')) ? LOOK_AGAIN_MS : false),
  });
  return (
    <Section title={t('messages.title')}>
      <Loaded query={messages} skeleton={<Skeleton h={40} />}>
        {({ pages }) => {
          const written = pages.flatMap((page) => page.items);
          return written.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('messages.none')}
            </Text>
          ) : (
            <Stack gap="xs">
              {written.map((one) => (
                <Message key={one.id} message={one} />
              ))}
              <MorePages query={messages} />
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}

const COLOURS = { queued: 'gray', sent: 'teal', failed: 'red' } as const;

function Message({ message }: { readonly message: Schemas['MessageOut'] }) {
  const { t } = useTranslation('customers');
  const { data: me } = useMe();
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <Text size="sm">{t(`messages.topic.${message.topic}`)}</Text>
        <Badge variant="light" tt="none" flex="none" color={COLOURS[message.state]}>
          {t(`messages.state.${message.state}`)}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed">
        {t(`channel.${message.channel}`)} · {instant(message.changed_at, me?.organization.time_zone)}
      </Text>
      {message.state === 'failed' && (
        <Text size="xs" c="dimmed">
          {t('messages.failedHint')}
        </Text>
      )}
    </div>
  );
}
