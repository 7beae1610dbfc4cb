import { Loader, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { type Schemas, api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { SaveBar } from '@/ui/SaveBar';

import styles from '../Distribution.module.css';
import type { JoinLink } from '../requests';

import { PosterFields } from './PosterFields';
import { PosterPreview } from './PosterPreview';
import { type Design, designOf } from './poster';

/** The poster of a link: its words and colours, and how it will be printed. */
export function PosterPanel({ link }: { readonly link: JoinLink }) {
  const poster = useQuery({
    queryKey: ['poster', link.id],
    staleTime: Infinity,
    queryFn: async () => data(await api.GET('/api/v1/links/{link_id}/poster', { params: { path: { link_id: link.id } } })),
  });
  return (
    <Loaded query={poster} skeleton={<Loader />}>
      {(kept) => <Editor link={link} kept={kept} />}
    </Loaded>
  );
}

function Editor({ link, kept }: { readonly link: JoinLink; readonly kept: Schemas['PosterOut'] }) {
  const mayWrite = useMay()('links:write');
  const { value, set, isDirty, settle, replace } = useDraft<Design>(designOf(kept.design));
  const save = useSaving({
    save: async () => data(await api.PUT('/api/v1/links/{link_id}/poster', { params: { path: { link_id: link.id } }, body: value })),
    refresh: [['poster', link.id]],
    onSaved: (saved) => settle(designOf(saved.design)),
  });
  const faults = refused(save.error);
  return (
    <div className={styles.desk}>
      <PosterPreview link={link} design={value} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          {faults.above !== null && <Fault fault={faults.above} />}
          <PosterFields design={value} set={set} kept={kept} />
        </Stack>
        {mayWrite && <SaveBar isDirty={isDirty} pending={save.isPending} onDiscard={() => replace(designOf(kept.design))} />}
      </form>
    </div>
  );
}
