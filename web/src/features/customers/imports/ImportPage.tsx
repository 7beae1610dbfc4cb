import { Alert, Anchor, Button, Group, Stack } from '@mantine/core';
import { IconArrowLeft, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';

import { api } from '@/lib/api';
import { whole } from '@/lib/format';
import { AskFirst } from '@/ui/AskFirst';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';

import { useWrite } from '../api';
import { Faults } from './Faults';
import { Figures } from './Figures';
import { type Import, isWorking, useImport } from './imports';
import { Mapping } from './Mapping';
import { Working } from './Working';

/** One file on its way: columns, check, import, and what is left over. */
export function ImportPage() {
  const { t } = useTranslation('customers');
  const { importId = '' } = useParams();
  const found = useImport(importId);
  return (
    <Stack gap="xs">
      <Anchor component={Link} to="../imports" size="sm">
        <IconArrowLeft size={14} aria-hidden className="mantine-rotate-rtl" /> {t('import.title')}
      </Anchor>
      <Loaded query={found}>{(one) => <Step key={one.id} found={one} />}</Loaded>
    </Stack>
  );
}

function Step({ found }: { readonly found: Import }) {
  const { t } = useTranslation('customers');
  const [mapping, setMapping] = useState(false);
  const isMapping = found.state === 'uploaded' || (mapping && !isWorking(found.state));
  const lead = t('import.file', { number: whole(found.rows), count: found.rows, encoding: t(`encoding.${found.encoding}`) });
  return (
    <Page title={t(isMapping ? 'import.step.map' : `import.step.${found.state}`)} lead={lead}>
      {found.same_as && found.state === 'uploaded' && (
        <Alert icon={<IconInfoCircle aria-hidden />} color="blue">
          {t('import.again')}
        </Alert>
      )}
      {found.failure && <Fault fault={new Error(found.failure)} />}
      {isMapping && <Mapping found={found} onDone={() => setMapping(false)} />}
      {isWorking(found.state) && <Working found={found} />}
      {!isMapping && !isWorking(found.state) && <Outcome found={found} onMap={() => setMapping(true)} />}
    </Page>
  );
}

function Outcome({ found, onMap }: { readonly found: Import; readonly onMap: () => void }) {
  const { t } = useTranslation('customers');
  const navigate = useNavigate();
  const path = { params: { path: { import_id: found.id } } };
  const run = useWrite(() => api.POST('/api/v1/customer-imports/{import_id}/run', path));
  const remove = useWrite(
    () => api.DELETE('/api/v1/customer-imports/{import_id}', path),
    () => void navigate('../imports'),
  );
  const right = found.rows - found.figures.faulty;
  const isChecked = found.state === 'checked';
  return (
    <Stack gap="lg">
      <Figures found={found} />
      {run.isError && <Fault fault={run.error} />}
      <Group>
        {isChecked && right > 0 && (
          <Button loading={run.isPending} onClick={() => run.mutate(undefined)}>
            {t('import.run', { count: right, number: whole(right) })}
          </Button>
        )}
        {(isChecked || found.state === 'failed') && (
          <Button variant="default" onClick={onMap}>
            {t('import.remap')}
          </Button>
        )}
        {found.state === 'done' && (
          <Button component={Link} to="..">
            {t('import.toList')}
          </Button>
        )}
        <AskFirst title={t('import.forgetTitle')} lead={t('import.forgetLead')} action={t('import.forget')} write={remove}>
          {(ask) => (
            <Button variant="subtle" color="red" onClick={ask}>
              {t('import.forget')}
            </Button>
          )}
        </AskFirst>
      </Group>
      {found.figures.faulty > 0 && <Faults found={found} />}
    </Stack>
  );
}
