import { Badge, Button, Card, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconDeviceMobile, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { instant, money } from '@/lib/format';
import { useSaving } from '@/lib/saving';
import { useMay, useMe } from '@/lib/session';
import { CardLink } from '@/ui/CardLink';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Fault } from '@/ui/Fault';

type Found = Schemas['FoundCouponOut'];
const COLOURS: Readonly<Record<Found['state'], string>> = { active: 'teal', used: 'blue', voided: 'red', expired: 'gray' };

/** Looks for a code as somebody reads it out: case, blanks and hyphens do not matter. */
export function FindCode() {
  const { t } = useTranslation('coupons');
  const [typed, setTyped] = useState('');
  const find = useMutation({ mutationFn: async (code: string) => data(await api.GET('/api/v1/coupons/{code}', { params: { path: { code } } })) });
  return (
    <Stack gap="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          find.mutate(typed.trim());
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput label={t('find.title')} required withAsterisk={false} maxLength={200} style={{ flex: 1, maxWidth: 360 }} dir="ltr" value={typed} onChange={({ currentTarget }) => setTyped(currentTarget.value)} />
          <Button type="submit" variant="light" loading={find.isPending} leftSection={<IconSearch size={18} aria-hidden />}>{t('find.action')}</Button>
        </Group>
      </form>
      {find.isError && <Fault fault={find.error} />}
      {find.data && <FoundCode found={find.data} onChanged={() => find.mutate(find.data.code)} />}
    </Stack>
  );
}

function FoundCode({ found, onChanged }: { readonly found: Found; readonly onChanged: () => void }) {
  const { t } = useTranslation('coupons');
  const { data: me } = useMe();
  const may = useMay();
  const zone = me?.organization.time_zone;
  const [isAsking, setAsking] = useState(false);
  const [isShown, setShown] = useState(false);
  const giveLink = async () => data(await api.POST('/api/v1/coupons/{code}/card', { params: { path: { code: found.code } } }));
  const block = useSaving({
    save: async () => data(await api.POST('/api/v1/coupons/{code}/void', { params: { path: { code: found.code } } })),
    refresh: [['coupon-campaigns']],
    told: t('find.blocked'),
    onSaved: () => {
      setAsking(false);
      onChanged();
    },
  });
  return (
    <Card withBorder component="section" aria-label={found.code}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={700} ff="monospace" dir="ltr">{found.code}</Text>
          <Badge color={COLOURS[found.state]} variant="light" tt="none">{t(`codeState.${found.state}`)}</Badge>
        </Group>
        <Text size="sm" dir="auto">{found.name}</Text>
        <Text size="sm" c="dimmed">
          {found.uses_per_code === null ? t('find.uses', { count: found.uses }) : t('find.usesOf', { uses: found.uses, of: found.uses_per_code })}
          {found.expires_at && ` · ${t('find.until', { date: instant(found.expires_at, zone) })}`}
        </Text>
        {found.redemptions.map((use) => (
          <Group key={use.id} justify="space-between" gap="xs">
            <Text size="sm">{use.redeemed_at ? instant(use.redeemed_at, zone) : t(`useState.${use.state}`)}</Text>
            <Text size="sm">{use.discount_minor > 0 ? money(use.discount_minor, use.currency) : use.units > 0 ? `+${String(use.units)}` : ''} · {t(`useState.${use.state}`)}</Text>
          </Group>
        ))}
        {may('coupons:write') && found.state === 'active' && (
          <Group gap="xs">
            <Button size="compact-sm" variant="light" leftSection={<IconDeviceMobile size={16} aria-hidden />} onClick={() => setShown(true)}>{t('common:link.open')}</Button>
            <Button size="compact-sm" variant="default" color="red" onClick={() => setAsking(true)}>{t('find.block')}</Button>
          </Group>
        )}
      </Stack>
      <CardLink of={found.code} give={giveLink} opened={isShown} onClose={() => setShown(false)} />
      <ConfirmDialog opened={isAsking} title={t('find.blockTitle', { code: found.code })} action={t('find.block')} danger pending={block.isPending} fault={block.error} onClose={() => setAsking(false)} onConfirm={() => block.mutate()}>
        <Text size="sm">{t('find.blockLead')}</Text>
      </ConfirmDialog>
    </Card>
  );
}
