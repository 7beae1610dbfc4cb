import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { instant } from '@/lib/format';
import { useMe } from '@/lib/session';
import { Loaded } from '@/ui/Loaded';
import { Section } from '@/ui/Section';

/** What was written to the customer, and whether it went out. */
export function Messages({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation('customers');
  const { data: me } = useMe();
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
  });
  return (
    <Section title={t('messages.title')}>
      <Loaded query={messages} skeleton={<span />}>
        {({ pages }) => {
          const written = pages.flatMap((page) => page.items);
          return written.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('messages.none')}
            </Text>
          ) : (
            <Stack gap="xs">
              {written.map((one) => (
                <div key={one.id}>
                  <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
                    <Text size="sm">{t(`messages.topic.${one.topic}`)}</Text>
                    <Badge variant="light" tt="none" style={{ flexShrink: 0 }} color={one.state === 'sent' ? 'teal' : 'red'}>
                      {t(`messages.state.${one.state}`)}
                    </Badge>
                  </Group>
                  <Text size="xs" c="dimmed">
                    {t(`channel.${one.channel}`)} · {instant(one.at, me?.organization.time_zone)}
                  </Text>
                </div>
              ))}
              {messages.hasNextPage && (
                <Button size="xs" variant="subtle" loading={messages.isFetchingNextPage} onClick={() => void messages.fetchNextPage()}>
                  {t('messages.more')}
                </Button>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}
