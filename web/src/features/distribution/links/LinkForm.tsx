import { Box, Checkbox, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconRosetteDiscount } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { type Refused, refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { BackLink } from '@/ui/BackLink';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { SaveBar } from '@/ui/SaveBar';

import { type JoinLink, LINKS, stillOpen, useLocations, usePrograms } from '../requests';

const CAMPAIGN = ['utm_source', 'utm_medium', 'utm_campaign'] as const;
interface Values {
  readonly name: string;
  readonly location_id: string | null;
  readonly ask_email: boolean;
  readonly utm_source: string;
  readonly utm_medium: string;
  readonly utm_campaign: string;
}

const valuesOf = (link?: JoinLink): Values => ({
  name: link?.name ?? '',
  location_id: link?.location_id ?? null,
  ask_email: link?.ask_email ?? false,
  utm_source: link?.utm_source ?? '',
  utm_medium: link?.utm_medium ?? '',
  utm_campaign: link?.utm_campaign ?? '',
});

const bodyOf = (values: Values) => ({
  ...values,
  utm_source: values.utm_source || null,
  utm_medium: values.utm_medium || null,
  utm_campaign: values.utm_campaign || null,
});

/** A new link, of a programme that still runs. */
export function NewLink() {
  const { t } = useTranslation('distribution');
  const programs = usePrograms();
  return (
    <>
      <BackLink to="/distribution" label={t('links.title')} />
      <Page title={t('links.add')} lead={t('links.addLead')}>
        <Loaded query={programs}>
          {(all) => {
            const open = stillOpen(all);
            const first = open[0];
            if (!first) return <Empty icon={IconRosetteDiscount} title={t('links.noProgram')} hint={t('links.noProgramHint')} />;
            return <NewLinkForm programs={open} first={first.id} />;
          }}
        </Loaded>
      </Page>
    </>
  );
}

interface NewLinkFormProps {
  readonly programs: readonly { readonly id: string; readonly name: string }[];
  readonly first: string;
}

function NewLinkForm({ programs, first }: NewLinkFormProps) {
  const { t } = useTranslation('distribution');
  const navigate = useNavigate();
  const { value, set, isDirty } = useDraft({ ...valuesOf(), program_id: first });
  const save = useSaving({
    save: async () => data(await api.POST('/api/v1/links', { body: { ...bodyOf(value), program_id: value.program_id } })),
    refresh: [LINKS],
    onSaved: ({ id }) => void navigate(`/distribution/links/${id}`),
    told: t('links.made'),
  });
  const faults = refused(save.error);
  return (
    <Box
      component="form"
      maw={760}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        {faults.above !== null && <Fault fault={faults.above} />}
        {programs.length > 1 && (
          <Select label={t('program')} allowDeselect={false} data={programs.map(({ id, name }) => ({ value: id, label: name }))} value={value.program_id} onChange={(id) => id && set({ program_id: id })} />
        )}
        <Fields value={value} set={set} faults={faults} />
      </Stack>
      <SaveBar isDirty={isDirty && !save.isSuccess} isNew pending={save.isPending} action={t('links.make')} />
    </Box>
  );
}

/** What can be changed of a link that is there; its address and its programme stay. */
export function LinkSettings({ link }: { readonly link: JoinLink }) {
  const { value, set, isDirty, settle, replace } = useDraft(valuesOf(link));
  const save = useSaving({
    save: async (sent: typeof value) => data(await api.PATCH('/api/v1/links/{link_id}', { params: { path: { link_id: link.id } }, body: bodyOf(sent) })),
    refresh: [LINKS],
    onSaved: (saved, sent) => settle(valuesOf(saved), sent),
  });
  const faults = refused(save.error);
  return (
    <Box
      component="form"
      maw={760}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(value);
      }}
    >
      <Stack>
        {faults.above !== null && <Fault fault={faults.above} />}
        <Fields value={value} set={set} faults={faults} />
      </Stack>
      <SaveBar isDirty={isDirty} pending={save.isPending} onDiscard={() => replace(valuesOf(link))} />
    </Box>
  );
}

interface FieldsProps {
  readonly value: Values;
  readonly set: (change: Partial<Values>) => void;
  readonly faults: Refused;
}

function Fields({ value, set, faults }: FieldsProps) {
  const { t } = useTranslation('distribution');
  const locations = useLocations().data ?? [];
  return (
    <Stack>
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TextInput label={t('links.name')} description={t('links.nameHint')} required maxLength={100} miw={240} value={value.name} error={faults.at('name')} onChange={({ currentTarget }) => set({ name: currentTarget.value })} />
        {locations.length > 0 && (
          <Select label={t('location')} description={t('links.locationHint')} placeholder={t('everywhere')} clearable miw={240} data={locations.map(({ id, name }) => ({ value: id, label: name }))} value={value.location_id} error={faults.at('location_id')} onChange={(id) => set({ location_id: id })} />
        )}
      </Group>
      <fieldset style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Text component="legend" fw={600} size="sm">{t('links.campaign')}</Text>
        <Text size="sm" c="dimmed" mb="xs">{t('links.campaignHint')}</Text>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {CAMPAIGN.map((name) => (
            <TextInput key={name} label={t(`links.${name}`)} placeholder={t(`links.${name}_example`)} maxLength={100} value={value[name]} error={faults.at(name)} onChange={({ currentTarget }) => set({ [name]: currentTarget.value })} />
          ))}
        </SimpleGrid>
      </fieldset>
      <Checkbox label={t('links.askEmail')} description={t('links.askEmailHint')} checked={value.ask_email} onChange={({ currentTarget }) => set({ ask_email: currentTarget.checked })} />
    </Stack>
  );
}
