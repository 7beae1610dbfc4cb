import { Alert, Button, Group, Stack, TagsInput } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Problem, api, data } from '@/lib/api';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Section } from '@/ui/Section';

import { type JoinLink, LINKS } from '../requests';

import { originOf } from './code';

const MOST = 20;

/** Which sites may show the form in a frame: nobody else may, or they could have people send it unknowingly. */
export function Origins({ link }: { readonly link: JoinLink }) {
  const { t } = useTranslation('distribution');
  const { t: common } = useTranslation();
  const mayWrite = useMay()('links:write');
  const [origins, setOrigins] = useState<string[]>(link.embed_origins);
  const save = useSaving({
    save: async () => data(await api.PATCH('/api/v1/links/{link_id}', { params: { path: { link_id: link.id } }, body: { embed_origins: origins } })),
    refresh: [LINKS],
    onSaved: (saved) => setOrigins(saved.embed_origins),
  });
  const isRefused = save.error instanceof Problem && save.error.code === 'invalid_request';
  const isSame = origins.join(' ') === link.embed_origins.join(' ');
  return (
    <Section title={t('embed.origins')} lead={t('embed.originsLead')}>
      <Stack>
        {save.isError && !isRefused && <Fault fault={save.error} />}
        {link.embed_origins.length === 0 && <Alert icon={<IconShieldLock aria-hidden />}>{t('embed.noOrigins')}</Alert>}
        <TagsInput
          label={t('embed.sites')}
          description={t('embed.sitesHint')}
          placeholder="https://cafe.example"
          dir="ltr"
          maxTags={MOST}
          acceptValueOnBlur
          disabled={!mayWrite}
          value={origins}
          error={isRefused ? t('embed.originRefused') : null}
          onChange={(typed) => {
            save.reset();
            setOrigins([...new Set(typed.map(originOf))]);
          }}
        />
        {mayWrite && (
          <Group>
            <Button disabled={isSame} loading={save.isPending} onClick={() => save.mutate()}>{common('save')}</Button>
          </Group>
        )}
      </Stack>
    </Section>
  );
}
