import { ActionIcon, Group, Text, Title } from '@mantine/core';
import { type Icon, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './scanner.module.css';

interface UsePanelProps {
  readonly icon: Icon;
  readonly title: string;
  readonly name: string;
  readonly facts: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something other than a card of a program: what it is beside what to do with it. */
export function UsePanel({ icon: Symbol, title, name, facts, onClose, children }: UsePanelProps) {
  const { t } = useTranslation('scanner');
  return (
    <div className={classes.desk}>
      <div className={classes.pane}>
        <Group wrap="nowrap" align="flex-start" gap="sm">
          <Symbol size={48} stroke={1.4} aria-hidden style={{ flexShrink: 0 }} />
          <div style={{ flex: 1, minWidth: 0 }}>
            <Title order={1} size="h2" lh={1.2} lineClamp={2} dir="auto" className={classes.named}>
              {name}
            </Title>
            <Text c="dimmed">{title}</Text>
          </div>
          <ActionIcon variant="default" size={44} radius="xl" aria-label={t('scan.close')} onClick={onClose}>
            <IconX aria-hidden />
          </ActionIcon>
        </Group>
        {facts}
      </div>
      <div className={`${classes.pane} ${classes.low}`}>{children}</div>
    </div>
  );
}
