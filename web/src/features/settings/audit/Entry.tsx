import { Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import { instant } from '@/lib/format';

import { Details } from './Details';
import { sentence, whoText } from './sentences';

interface EntryProps {
  readonly event: Schemas['AuditEntryOut'];
  readonly timeZone: string;
}

/** One thing that happened: who, what, when; the recorded values for those who want them. */
export function Entry({ event, timeZone }: EntryProps) {
  const { t } = useTranslation('settings');
  const [open, { toggle }] = useDisclosure(false);
  return (
    <li>
      <Group justify="space-between" align="flex-start" gap="xs">
        <div style={{ flex: '1 1 14rem' }}>
          <Text>
            <Text span fw={600}>
              <bdi>{whoText(t, event)}</bdi>
            </Text>
            {' · '}
            {sentence(t, event.name)}
          </Text>
          <Text size="sm" c="dimmed">
            {instant(event.occurred_at, timeZone)}
          </Text>
        </div>
        <UnstyledButton onClick={toggle} aria-expanded={open} fz="sm" td="underline">
          {t(open ? 'audit.hide' : 'audit.details')}
        </UnstyledButton>
      </Group>
      {open && <Details event={event} timeZone={timeZone} />}
    </li>
  );
}
