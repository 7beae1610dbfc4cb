import { Button, Group, Modal, NumberInput, Radio, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconCalendarEvent, IconCoins, IconGift, IconId, IconIdBadge2, IconRosetteDiscount, IconTicket, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api, data } from '@/lib/api';
import { Fault } from '@/ui/Fault';

import { KINDS, type Kind } from '../model/design';

const ICONS: Readonly<Record<Kind, Icon>> = {
  stamps: IconRosetteDiscount,
  points: IconCoins,
  membership: IconIdBadge2,
  coupon: IconTicket,
  gift_card: IconGift,
  event_ticket: IconCalendarEvent,
  generic: IconId,
};

interface Wanted {
  name: string;
  kind: Kind;
  goal: number;
}

interface CreateDesignProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** A new design of a kind: the server makes a good one in the organization's colours, to begin with. */
export function CreateDesign({ opened, onClose }: CreateDesignProps) {
  const { t } = useTranslation('designer');
  const navigate = useNavigate();
  const client = useQueryClient();
  const form = useForm<Wanted>({ initialValues: { name: '', kind: 'stamps', goal: 10 } });
  const create = useMutation({
    mutationFn: async (body: Wanted) => data(await api.POST('/api/v1/templates', { body })),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['templates', 'list'] });
      await navigate(id);
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={t('create.title')} size="lg">
      <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
        <Stack>
          {create.isError && <Fault fault={create.error} />}
          <TextInput label={t('create.name')} placeholder={t('create.nameHint')} required maxLength={100} data-autofocus {...form.getInputProps('name')} />
          <Radio.Group label={t('create.kind')} {...form.getInputProps('kind')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }} mt="xs" spacing="xs">
              {KINDS.map((kind) => {
                const Symbol = ICONS[kind];
                return (
                  <Radio.Card key={kind} value={kind} p="sm" radius="md" aria-label={t(`kind.${kind}`)}>
                    <Group wrap="nowrap" align="flex-start">
                      <Radio.Indicator />
                      <Symbol size={24} stroke={1.5} aria-hidden style={{ flex: 'none' }} />
                      <div>
                        <Text fw={600} size="sm">{t(`kind.${kind}`)}</Text>
                        <Text size="xs" c="dimmed">{t(`kindHint.${kind}`)}</Text>
                      </div>
                    </Group>
                  </Radio.Card>
                );
              })}
            </SimpleGrid>
          </Radio.Group>
          {form.values.kind === 'stamps' && <NumberInput label={t('stamps.goal')} min={1} max={30} {...form.getInputProps('goal')} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('common:cancel')}</Button>
            <Button type="submit" loading={create.isPending}>{t('create.go')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
