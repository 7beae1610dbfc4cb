import { ColorInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { isColour } from '@/lib/colours';
import { refused } from '@/lib/refusals';
import { ME } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';

import { StepForm } from '../Frame';
import { MiniCard } from '../MiniCard';
import type { Shop } from '../model/draft';
import { USUAL, coloursOn } from '../model/palettes';
import type { StepProps } from '../step';
import styles from '../welcome.module.css';

import { LogoPicker } from './LogoPicker';
import { Swatches } from './Swatches';

type Place = Schemas['LocationOut'];

/** What the shop looks like and where it is. */
export function ShopStep(props: StepProps) {
  const place = useQuery({
    queryKey: ['locations', 'first'],
    queryFn: async () => data(await api.GET('/api/v1/locations', { params: { query: { limit: 1 } } })).items[0] ?? null,
  });
  return <Loaded query={place}>{(known) => <ShopForm {...props} place={known} />}</Loaded>;
}

function ShopForm({ organization, draft, change, go, place }: StepProps & { readonly place: Place | null }) {
  const { t } = useTranslation('welcome');
  const client = useQueryClient();
  const shop: Shop = draft.shop ?? {
    colour: organization.brand.background ?? USUAL[0],
    logo: organization.brand.logo ?? null,
    found: [],
    place: place?.name ?? organization.name,
    address: place?.address ?? '',
  };
  const set = (part: Partial<Shop>) => change({ shop: { ...shop, ...part } });
  const save = useMutation({
    mutationFn: async () => {
      await keepPlace(place, shop);
      const { background, foreground, label } = coloursOn(shop.colour);
      await api.PATCH('/api/v1/organization', { body: { brand: { ...organization.brand, background, foreground, label, logo: shop.logo } } });
    },
    onSuccess: async () => {
      change({ shop });
      await Promise.all([client.invalidateQueries({ queryKey: ME }), client.invalidateQueries({ queryKey: ['locations'] })]);
      go('program');
    },
  });
  const faults = refused(save.error, { location_name_taken: 'place' });
  const logo = shop.logo === null ? undefined : `/images/${organization.id}/${shop.logo}.png`;
  const offered = shop.found.length > 0 ? [...shop.found, ...USUAL.slice(0, 3)] : USUAL;
  return (
    <StepForm title={t('shop.title', { name: organization.name })} lead={t('shop.lead')} action={t('next')} pending={save.isPending} disabled={!isColour(shop.colour)} onSubmit={() => save.mutate()}>
      <div className={styles.columns}>
        <Stack gap="lg">
          {faults.above !== null && <Fault fault={faults.above} />}
          <LogoPicker logo={logo} onChange={(id, found) => set({ logo: id, found, ...(found[0] === undefined ? {} : { colour: found[0] }) })} />
          <Stack gap="xs">
            <Text fw={500} size="sm" id="brand-colour">{t('shop.colour')}</Text>
            <Swatches labelledBy="brand-colour" colours={[...new Set(offered)]} value={shop.colour} onChange={(colour) => set({ colour })} />
            <ColorInput aria-label={t('shop.ownColour')} value={shop.colour} onChange={(colour) => set({ colour })} format="hex" withEyeDropper={false} maw={220} dir="ltr" />
          </Stack>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label={t('shop.place')} description={t('shop.placeHint')} value={shop.place} onChange={({ currentTarget }) => set({ place: currentTarget.value })} maxLength={100} required withAsterisk={false} error={faults.at('place')} dir="auto" />
            <TextInput label={t('shop.address')} description={t('shop.addressHint')} value={shop.address} onChange={({ currentTarget }) => set({ address: currentTarget.value })} maxLength={500} autoComplete="street-address" dir="auto" />
          </SimpleGrid>
        </Stack>
        <Stack className={styles.aside ?? ''} gap="xs">
          <MiniCard kind="brand" colour={isColour(shop.colour) ? shop.colour : USUAL[0]} name={organization.name} logo={logo} />
          <Text size="sm" c="dimmed" ta="center">{t('shop.preview')}</Text>
        </Stack>
      </div>
    </StepForm>
  );
}

/** The first location, made or put right; made once, for it is known afterwards. */
async function keepPlace(place: Place | null, shop: Shop): Promise<void> {
  const body = { name: shop.place.trim(), address: shop.address.trim() || null };
  if (place === null) await api.POST('/api/v1/locations', { body });
  else if (place.name !== body.name || place.address !== body.address) {
    await api.PATCH('/api/v1/locations/{location_id}', { params: { path: { location_id: place.id } }, body });
  }
}
