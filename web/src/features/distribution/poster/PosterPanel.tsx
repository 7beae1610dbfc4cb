import { Loader, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import type { Schemas } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { SaveBar } from '@/ui/SaveBar';

import styles from '../Distribution.module.css';

import { PosterFields } from './PosterFields';
import { PosterPreview } from './PosterPreview';
import { type Design, type Printed, designOf } from './poster';

/** The poster of a link: its words and colours, and how it will be printed. */
export function PosterPanel({ of }: { readonly of: Printed }) {
  const poster = useQuery({
    queryKey: ['poster', of.base],
    staleTime: Infinity,
    queryFn: of.read,
  });
  return (
    <Loaded query={poster} skeleton={<Loader />}>
      {(kept) => <Editor of={of} kept={kept} />}
    </Loaded>
  );
}

function Editor({ of, kept }: { readonly of: Printed; readonly kept: Schemas['PosterOut'] }) {
  const mayWrite = useMay()(of.scope);
  const { value, set, isDirty, settle, replace } = useDraft<Design>(designOf(kept.design));
  const save = useSaving({
    save: of.save,
    refresh: [['poster', of.base]],
    onSaved: (saved, sent) => settle(designOf(saved.design), sent),
  });
  const faults = refused(save.error);
  return (
    <div className={styles.desk}>
      <PosterPreview base={of.base} design={value} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(value);
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
