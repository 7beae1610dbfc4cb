import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';

import { Loaded } from '@/ui/Loaded';

import { Designer } from './Designer';
import { designOf } from './model/design';
import { templateQuery, versionQuery } from './requests';

/** One design, opened at its latest version. */
export function DesignerPage() {
  const { id = '' } = useParams();
  const template = useQuery({ ...templateQuery(id), refetchInterval: 15_000 });
  return <Loaded query={template}>{(known) => <Opened key={id} id={id} latest={known.latest_version} />}</Loaded>;
}

/** The version that was the latest when the page was opened: what others save later does not replace the work. */
function Opened({ id, latest }: { readonly id: string; readonly latest: number }) {
  const [opened] = useState(latest);
  const template = useQuery(templateQuery(id));
  const version = useQuery(versionQuery(id, opened));
  return (
    <Loaded query={version}>
      {({ content }) => template.data && <Designer template={template.data} design={designOf(content)} base={opened} />}
    </Loaded>
  );
}
