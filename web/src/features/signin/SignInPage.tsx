import { Anchor, Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { LanguageMenu } from '@/ui/LanguageMenu';

import { OpenOrganizationForm } from './OpenOrganizationForm';
import { SignInForm } from './SignInForm';

/** The door: sign in, or open an organization. */
export function SignInPage() {
  const { t } = useTranslation('signin');
  const [opening, setOpening] = useState(false);
  const title = t(opening ? 'open' : 'title');
  useDocumentTitle(`${title} · Passerelle`);
  return (
    <Center mih="100dvh" p="md">
      <Paper component="main" withBorder shadow="sm" radius="lg" p="xl" w="100%" maw={420}>
        <Stack>
          <Group justify="space-between">
            <Title order={1} size="h3">
              {title}
            </Title>
            <LanguageMenu />
          </Group>
          {opening ? <OpenOrganizationForm /> : <SignInForm />}
          {!opening && <Text size="sm">{t('openLead')}</Text>}
          <Anchor component="button" type="button" onClick={() => setOpening(!opening)}>
            {t(opening ? 'have' : 'open')}
          </Anchor>
        </Stack>
      </Paper>
    </Center>
  );
}
