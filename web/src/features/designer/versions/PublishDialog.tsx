import { Alert, Button, Group, Modal, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { percent, whole } from '@/lib/format';
import { useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { PhoneSimulator } from '@/ui/simulator/PhoneSimulator';

import { type Rollout, rolloutQuery } from '../requests';

interface PublishDialogProps {
  readonly templateId: string;
  readonly publish: () => Promise<number>;
  readonly onClose: () => void;
  readonly onFault: (fault: unknown) => boolean;
}

const EVERY_MS = 1_000;
const isThere = (rollout: Rollout, version: number) => rollout.version === version && rollout.adopted === rollout.cards && rollout.told === rollout.wallets;

/** Says how many cards will change before anything happens, and shows the update running to its end. */
export function PublishDialog({ templateId, publish, onClose, onFault }: PublishDialogProps) {
  const { t } = useTranslation('designer');
  const publishing = useMutation({ mutationFn: publish, onError: (fault) => onFault(fault) && onClose() });
  const version = publishing.data;
  const simulator = useMe().data?.simulator_url;
  const rollout = useQuery({
    ...rolloutQuery(templateId),
    staleTime: 0,
    refetchInterval: ({ state }) => (version !== undefined && !(state.data && isThere(state.data, version)) ? EVERY_MS : false),
  });
  return (
    <Modal opened onClose={onClose} title={t('publish.title')} centered {...(simulator ? { size: 'xl' } : {})}>
      <Stack>
        {publishing.isError && <Fault fault={publishing.error} />}
        {rollout.isError && <Fault fault={rollout.error} retry={() => void rollout.refetch()} />}
        {!rollout.data && !rollout.isError && <Skeleton h={60} />}
        {rollout.data && (version === undefined ? <Before rollout={rollout.data} /> : <Running rollout={rollout.data} version={version} />)}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t(version === undefined ? 'common:cancel' : 'common:close')}</Button>
          {version === undefined && (
            <Button loading={publishing.isPending} disabled={!rollout.data} onClick={() => publishing.mutate()} data-autofocus>
              {t('publish.now')}
            </Button>
          )}
        </Group>
        {simulator && <PhoneSimulator address={simulator} />}
      </Stack>
    </Modal>
  );
}

function Before({ rollout }: { readonly rollout: Rollout }) {
  const { t } = useTranslation('designer');
  if (rollout.cards === 0) return <Text>{t('publish.noCards')}</Text>;
  return (
    <>
      <Text>{t('publish.cards', { count: rollout.cards })}</Text>
      {rollout.wallets > 0 && <Text c="dimmed">{t('publish.wallets', { count: rollout.wallets })}</Text>}
    </>
  );
}

function Running({ rollout, version }: { readonly rollout: Rollout; readonly version: number }) {
  const { t } = useTranslation('designer');
  const isDone = isThere(rollout, version);
  if (rollout.cards === 0) {
    return <Alert color="teal" icon={<IconCircleCheck aria-hidden />} role="status">{t('publish.doneNoCards', { version })}</Alert>;
  }
  return (
    <>
      {isDone ? (
        <Alert color="teal" icon={<IconCircleCheck aria-hidden />} role="status">{t('publish.done', { version })}</Alert>
      ) : (
        <Text role="status">{t('publish.running', { version })}</Text>
      )}
      <Step label={t('publish.adopted')} done={rollout.adopted} all={rollout.cards} />
      {rollout.wallets === 0 ? (
        <Text size="sm" c="dimmed">{t('publish.noWallets')}</Text>
      ) : (
        <>
          <Step label={t('publish.told')} done={rollout.told} all={rollout.wallets} />
          <Step label={t('publish.fetched')} done={rollout.fetched} all={rollout.wallets} />
          <Text size="sm" c="dimmed">{t('publish.note')}</Text>
        </>
      )}
    </>
  );
}

function Step({ label, done, all }: { readonly label: string; readonly done: number; readonly all: number }) {
  const { t } = useTranslation('designer');
  const share = done / all;
  return (
    <div>
      <Group justify="space-between">
        <Text size="sm">{label}</Text>
        <Text size="sm">{t('publish.of', { done: whole(done), all: whole(all) })}</Text>
      </Group>
      <Progress.Root>
        <Progress.Section value={share * 100} aria-label={`${label}: ${percent(share)}`} />
      </Progress.Root>
    </div>
  );
}
