/** Where the card comes forward on the lock screen, and the links on its back. */
import { ActionIcon, Button, Checkbox, Fieldset, Group, Menu, NumberInput, SimpleGrid, Stack, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconMapPinPlus, IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';

import type { DesignLink, Place } from '../model/design';
import { carried } from '../model/texts';

import { useDesk } from './desk';
import { Findings } from './Findings';
import { PlaceholderInput } from './PlaceholderInput';

const MOST = 10;

export function PlacesAndLinks() {
  return (
    <Stack gap="xl">
      <Places />
      <Links />
    </Stack>
  );
}

function Links() {
  const { t } = useTranslation('designer');
  const { design, change } = useDesk();
  const set = (index: number, changed: Partial<DesignLink>, mark: string) =>
    change((now) => {
      const next = { ...now, links: now.links.map((link, at) => (at === index ? { ...link, ...changed } : link)) };
      return carried(next, now.links[index]?.label ?? '', next.links[index]?.label ?? '');
    }, `links.${index}.${mark}`);
  return (
    <Stack gap="sm">
      <Title order={2} size="h6">{t('link.title')}</Title>
      {design.links.map((link, index) => (
        <Fieldset key={index} legend={t('link.number', { number: index + 1 })} p="xs">
          <Group align="flex-start" wrap="nowrap">
            <Stack gap="xs" style={{ flex: 1 }}>
              <TextInput label={t('link.label')} value={link.label} maxLength={100} dir="auto" onChange={({ currentTarget: { value } }) => set(index, { label: value }, 'label')} />
              <Findings path={`links.${index}.label`} />
              <TextInput label={t('link.url')} value={link.url} maxLength={500} dir="ltr" placeholder="https://…" onChange={({ currentTarget: { value } }) => set(index, { url: value }, 'url')} />
              <Findings path={`links.${index}.url`} />
            </Stack>
            <Remove label={t('link.remove', { number: index + 1 })} onClick={() => change((now) => ({ ...now, links: now.links.filter((_, at) => at !== index) }))} />
          </Group>
        </Fieldset>
      ))}
      <Checkbox label={t('link.page')} description={t('link.pageHint')} checked={design.page_link} onChange={({ currentTarget: { checked } }) => change((now) => ({ ...now, page_link: checked }))} />
      <Add label={t('link.add')} disabled={design.links.length >= MOST} onClick={() => change((now) => ({ ...now, links: [...now.links, { label: t('link.newLabel'), url: 'https://' }] }))} />
    </Stack>
  );
}

function Places() {
  const { t } = useTranslation('designer');
  const { design, change } = useDesk();
  const shops = useQuery({ queryKey: ['locations', 'all'], queryFn: async () => data(await api.GET('/api/v1/locations', { params: { query: { limit: 200 } } })).items });
  const known = (shops.data ?? []).filter((shop) => shop.latitude !== null && shop.longitude !== null);
  const add = (place: Place) => change((now) => (now.locations.length < MOST ? { ...now, locations: [...now.locations, place] } : now));
  const set = (index: number, changed: Partial<Place>, mark: string) =>
    change((now) => {
      const next = { ...now, locations: now.locations.map((place, at) => (at === index ? { ...place, ...changed } : place)) };
      return carried(next, now.locations[index]?.relevant_text ?? '', next.locations[index]?.relevant_text ?? '');
    }, `locations.${index}.${mark}`);
  return (
    <Stack gap="sm">
      <Title order={2} size="h6">{t('place.title')}</Title>
      {design.locations.map((place, index) => (
        <Fieldset key={index} legend={t('place.number', { number: index + 1 })} p="xs">
          <Group align="flex-start" wrap="nowrap">
            <Stack gap="xs" style={{ flex: 1 }}>
              <SimpleGrid cols={2} spacing="xs">
                <NumberInput label={t('place.latitude')} value={place.latitude} min={-90} max={90} decimalScale={6} hideControls onChange={(value) => typeof value === 'number' && set(index, { latitude: value }, 'latitude')} />
                <NumberInput label={t('place.longitude')} value={place.longitude} min={-180} max={180} decimalScale={6} hideControls onChange={(value) => typeof value === 'number' && set(index, { longitude: value }, 'longitude')} />
              </SimpleGrid>
              <PlaceholderInput label={t('place.text')} value={place.relevant_text} path={`locations.${index}.relevant_text`} onChange={(text) => set(index, { relevant_text: text }, 'text')} />
            </Stack>
            <Remove label={t('place.remove', { number: index + 1 })} onClick={() => change((now) => ({ ...now, locations: now.locations.filter((_, at) => at !== index) }))} />
          </Group>
        </Fieldset>
      ))}
      <Group gap="xs">
        <Add label={t('place.add')} disabled={design.locations.length >= MOST} onClick={() => add({ latitude: 0, longitude: 0, relevant_text: '' })} />
        {known.length > 0 && (
          <Menu>
            <Menu.Target>
              <Button size="compact-sm" variant="subtle" leftSection={<IconMapPinPlus size={16} aria-hidden />} disabled={design.locations.length >= MOST}>{t('place.fromShops')}</Button>
            </Menu.Target>
            <Menu.Dropdown>
              {known.map((shop) => (
                <Menu.Item key={shop.id} onClick={() => add({ latitude: shop.latitude ?? 0, longitude: shop.longitude ?? 0, relevant_text: shop.name })}>{shop.name}</Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      <NumberInput label={t('place.distance')} description={t('place.distanceHint')} value={design.max_distance_m ?? ''} min={1} max={100_000} allowDecimal={false} onChange={(value) => change((now) => ({ ...now, max_distance_m: typeof value === 'number' && value >= 1 ? value : null }), 'max_distance_m')} />
    </Stack>
  );
}

const Add = ({ label, onClick, disabled }: { readonly label: string; readonly onClick: () => void; readonly disabled: boolean }) => (
  <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={16} aria-hidden />} disabled={disabled} onClick={onClick} style={{ alignSelf: 'flex-start' }}>
    {label}
  </Button>
);

const Remove = ({ label, onClick }: { readonly label: string; readonly onClick: () => void }) => (
  <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
    <IconTrash size={16} aria-hidden />
  </ActionIcon>
);
