import { Alert, Anchor, Button, Center, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconWifiOff } from '@tabler/icons-react';
import { type ReactNode, type SyntheticEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { LanguageMenu } from '@/ui/LanguageMenu';

import { useReachable } from '../till/network';
import { type Invitation, readInvitation } from '../till/pairing';
import { AcceptInvitation } from './AcceptInvitation';

interface DoorProps {
  readonly signInForm: ReactNode;
  /** The code of an owner that this page was opened with. */
  readonly invitation: Invitation | null;
  readonly onIn: () => Promise<void>;
}

/** Nobody works here yet: sign in, or make this browser a till. */
export function Door({ signInForm, invitation, onIn }: DoorProps) {
  const { t } = useTranslation('scanner');
  useDocumentTitle(t('title'));
  const reachable = useReachable();
  const [accepted, setAccepted] = useState(invitation);
  const [asking, setAsking] = useState(false);
  return (
    <Center mih="100dvh" p="md">
      <Paper component="main" withBorder shadow="sm" radius="lg" p="xl" w="100%" maw={440}>
        <Stack>
          <Group justify="space-between" wrap="nowrap">
            <div>
              <Title order={1} size="h2">
                {t('title')}
              </Title>
              <Text c="dimmed">{t('signIn.lead')}</Text>
            </div>
            <LanguageMenu />
          </Group>
          {!reachable && (
            <Alert color="yellow" icon={<IconWifiOff aria-hidden />} role="alert">
              {t('signIn.noNetwork')}
            </Alert>
          )}
          {accepted ? (
            <AcceptInvitation invitation={accepted} onIn={onIn} onCancel={() => setAccepted(null)} />
          ) : (
            <>
              {signInForm}
              {asking ? (
                <KeyField onKey={setAccepted} />
              ) : (
                <Anchor component="button" type="button" ta="center" py="xs" onClick={() => setAsking(true)}>
                  {t('pair.haveKey')}
                </Anchor>
              )}
            </>
          )}
        </Stack>
      </Paper>
    </Center>
  );
}

function KeyField({ onKey }: { readonly onKey: (invitation: Invitation) => void }) {
  const { t } = useTranslation('scanner');
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const invitation = readInvitation(text);
    setWrong(invitation === null);
    if (invitation) onKey(invitation);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t('pair.key')}
          description={t('pair.keyHint')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={wrong ? t('pair.keyWrong') : null}
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          dir="ltr"
          required
        />
        <Button type="submit" variant="default">
          {t('pair.useKey')}
        </Button>
      </Stack>
    </form>
  );
}
