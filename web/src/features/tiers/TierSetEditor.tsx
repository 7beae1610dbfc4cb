import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { BackLink } from '@/ui/BackLink';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { SaveBar } from '@/ui/SaveBar';
import { SentenceCard } from '@/ui/SentenceCard';
import { TranslatedInput } from '@/ui/TranslatedInput';

import { DryRunDialog } from './DryRunDialog';
import { JudgedFields } from './JudgedFields';
import { TierFields } from './TierFields';
import { setSentence } from './sentence';
import { type Values, newTierSet, tierSetIn, valuesOf } from './tierSet';

type Program = Schemas['ProgramOut'];

/** A new tier set, or one that is there. */
export function TierSetPage({ program }: { readonly program: Program }) {
  const { set: id = 'new' } = useParams();
  const known = useQuery({
    queryKey: ['tier-sets', program.id, id],
    enabled: id !== 'new',
    queryFn: async () => data(await api.GET('/api/v1/tier-sets/{tier_set_id}', { params: { path: { tier_set_id: id } } })),
  });
  if (id === 'new') return <Editor program={program} id={null} values={newTierSet(program.units[0]?.code ?? null)} />;
  return <Loaded query={known}>{(set) => <Editor key={id} program={program} id={id} values={valuesOf(set)} />}</Loaded>;
}

interface EditorProps {
  readonly program: Program;
  readonly id: string | null;
  readonly values: Values;
}

function Editor({ program, id, values }: EditorProps) {
  const { t } = useTranslation('tiers');
  const { t: tell } = useTranslation('earning');
  const navigate = useNavigate();
  const { value, set, isDirty } = useDraft<Values>(values);
  const [isAsking, setAsking] = useState(false);
  const list = `/programs/${program.id}/tiers`;
  const body = tierSetIn(value, program.id);
  const save = useSaving({
    save: async () =>
      id === null
        ? data(await api.POST('/api/v1/tier-sets', { body }))
        : data(await api.PUT('/api/v1/tier-sets/{tier_set_id}', { params: { path: { tier_set_id: id } }, body })),
    refresh: [['tier-sets', program.id]],
    onSaved: () => void navigate(list),
  });
  const faults = refused(save.error);
  return (
    <>
      <form
        style={{ maxWidth: 860 }}
        onSubmit={(event) => {
          event.preventDefault();
          if (id === null) save.mutate();
          else setAsking(true);
        }}
      >
        <Stack>
          <BackLink to={list} label={t('title')} />
          <SentenceCard label={tell('sentence')} sentence={setSentence(value, program, t)} />
          {faults.above !== null && !isAsking && <Fault fault={faults.above} />}
          <TranslatedInput label={t('name')} description={t('nameHint')} required value={value.name} texts={value.names} onChange={(name, names) => set({ name, names })} error={faults.at('name')} />
          <JudgedFields value={value} set={set} program={program} refused={faults} />
          <TierFields value={value} onChange={(tiers) => set({ tiers })} program={program} refused={faults} />
        </Stack>
        <SaveBar
          isDirty={isDirty}
          pending={save.isPending}
          disabled={value.tiers.length === 0}
          isNew={id === null}
          action={id === null ? t('open') : t('check')}
          more={<Button component={Link} to={list} variant="default">{t('common:cancel')}</Button>}
        />
      </form>
      {id !== null && isAsking && <DryRunDialog id={id} body={body} pending={save.isPending} fault={save.error} onClose={() => setAsking(false)} onConfirm={() => save.mutate()} />}
    </>
  );
}
