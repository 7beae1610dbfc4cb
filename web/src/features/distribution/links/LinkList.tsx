import { Button, Group, Select, Stack, Switch } from '@mantine/core';
import { IconQrcode } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';

import { useMay } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';

import { PeriodPicker, usePeriod } from '../PeriodPicker';
import { useFigures, useLinks, useLocations, usePrograms } from '../requests';

import { LinkCard } from './LinkCard';

/** Links with how they did, by programme, place and period; the choice stands in the address. */
export function LinkList() {
  const { t } = useTranslation('distribution');
  const mayWrite = useMay()('links:write');
  const [search, setSearch] = useSearchParams();
  const programs = usePrograms().data ?? [];
  const locations = useLocations().data ?? [];
  const wanted = { program: search.get('program'), location: search.get('location'), archived: search.has('archived') };
  const list = useLinks(wanted);
  const figures = useFigures((list.items ?? []).map(({ id }) => id), usePeriod().period);
  const change = (name: string, value: string | null) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === null) after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  const named = (items: readonly { readonly id: string; readonly name: string }[]) => items.map(({ id, name }) => ({ value: id, label: name }));
  const add = mayWrite && <Button component={Link} to="/distribution/new">{t('links.add')}</Button>;
  const isNarrowed = wanted.archived || wanted.program !== null || wanted.location !== null;
  return (
    <Stack>
      <Group gap="sm" align="flex-start">
        <PeriodPicker />
        {programs.length > 1 && (
          <Select aria-label={t('program')} placeholder={t('allPrograms')} clearable w={210} data={named(programs)} value={wanted.program} onChange={(id) => change('program', id)} />
        )}
        {locations.length > 0 && (
          <Select aria-label={t('location')} placeholder={t('everywhere')} clearable w={210} data={named(locations)} value={wanted.location} onChange={(id) => change('location', id)} />
        )}
        <Switch label={t('links.archived')} checked={wanted.archived} onChange={({ currentTarget }) => change('archived', currentTarget.checked ? '1' : null)} />
      </Group>
      <Listed
        list={list}
        empty={<Empty icon={IconQrcode} title={t(wanted.archived ? 'links.noneArchived' : isNarrowed ? 'links.noneFound' : 'links.none')} hint={t(isNarrowed ? 'links.noneFoundHint' : 'links.noneHint')} action={!isNarrowed && add} />}
      >
        {(links) => (
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('links.title')}>
            {links.map((link) => (
              <LinkCard
                key={link.id}
                link={link}
                figures={figures.data?.get(link.id)}
                isCounting={figures.isPending}
                program={programs.find(({ id }) => id === link.program_id)?.name}
                place={locations.find(({ id }) => id === link.location_id)?.name}
              />
            ))}
          </Stack>
        )}
      </Listed>
    </Stack>
  );
}
