import { Alert, Button, Group, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconDeviceMobile, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data } from '@/lib/api';
import { useMay, useMe } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { PhoneSimulator } from '@/ui/simulator/PhoneSimulator';
import { useOwnCard } from '@/ui/useOwnCard';

/** The simulated phones of a demonstration: any card is put on them, and changes as a real one would. */
export function PhonesPage() {
  const { t } = useTranslation('phones');
  const { data: me } = useMe();
  const address = me?.simulator_url;
  return (
    <Page title={t('title')} lead={t('lead')}>
      {address ? <Phones address={address} /> : <Empty icon={IconDeviceMobile} title={t('none')} hint={t('noneHint')} />}
    </Page>
  );
}

function Phones({ address }: { readonly address: string }) {
  const { t } = useTranslation('phones');
  const may = useMay();
  const programs = useQuery({ queryKey: ['programs', 'active'], queryFn: async () => data(await api.GET('/api/v1/programs', { params: { query: { limit: 100 } } })).items.filter(({ state }) => state === 'active') });
  const [chosen, setChosen] = useState<string | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const card = useOwnCard(wanted === null ? null : { family: 'program', id: wanted });
  const canMake = may('passes:write') && may('customers:write');
  return (
    <Stack>
      <Loaded query={programs}>
        {(items) => {
          const first = chosen ?? items[0]?.id ?? null;
          if (first === null) return <Alert icon={<IconInfoCircle aria-hidden />}>{t('noPrograms')} <Link to="/welcome">{t('toWelcome')}</Link></Alert>;
          if (!canMake) return null;
          return (
            <Group align="flex-end">
              <Select label={t('program')} data={items.map(({ id, name }) => ({ value: id, label: name }))} value={first} allowDeselect={false} onChange={setChosen} />
              <Button onClick={() => setWanted(first)} loading={card.isFetching} disabled={wanted === first && card.isSuccess}>{t('make')}</Button>
            </Group>
          );
        }}
      </Loaded>
      {card.isError && <Fault fault={card.error} />}
      <PhoneSimulator address={address} card={card.data?.url} />
    </Stack>
  );
}
