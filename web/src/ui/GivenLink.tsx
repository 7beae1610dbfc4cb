import { Button, Center, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconCopy, IconMail, IconMessage, IconShare } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface GivenLinkProps {
  readonly url: string;
  readonly picture: string;
  /** What is said with the link when it is sent. */
  readonly message: string;
  readonly lead: string;
  /** Who may have it. */
  readonly note: string;
}

/** A secret link for a customer: to be scanned from the screen, or sent with the device's own apps. */
export function GivenLink({ url, picture, message, lead, note }: GivenLinkProps) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Text size="sm">{lead}</Text>
      <Center>
        <img src={`data:image/svg+xml,${encodeURIComponent(picture)}`} width={240} height={240} alt={t('link.qr')} />
      </Center>
      <TextInput label={t('link.address')} value={url} readOnly dir="ltr" onFocus={(event) => event.currentTarget.select()} />
      <Group gap="xs">
        <CopyButton value={url}>
          {({ copied, copy }) => (
            <Button size="xs" variant="light" leftSection={<IconCopy size={16} aria-hidden />} onClick={copy}>
              {t(copied ? 'link.copied' : 'link.copy')}
            </Button>
          )}
        </CopyButton>
        <Button size="xs" variant="light" component="a" href={`sms:?&body=${encodeURIComponent(message)}`} leftSection={<IconMessage size={16} aria-hidden />}>
          {t('link.sms')}
        </Button>
        <Button size="xs" variant="light" component="a" href={`mailto:?body=${encodeURIComponent(message)}`} leftSection={<IconMail size={16} aria-hidden />}>
          {t('link.email')}
        </Button>
        {'share' in navigator && (
          <Button size="xs" variant="light" leftSection={<IconShare size={16} aria-hidden />} onClick={() => void navigator.share({ text: message }).catch(() => undefined)}>
            {t('link.share')}
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {note}
      </Text>
    </Stack>
  );
}
