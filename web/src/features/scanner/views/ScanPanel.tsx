import { ActionIcon, Alert, Text, TextInput, Title } from '@mantine/core';
import { IconArrowRight, IconWifiOff } from '@tabler/icons-react';
import { type SyntheticEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ScanAction } from '@/lib/scanActions';

import { useTill } from '../till/context';
import { useReachable } from '../till/network';
import { AfterScan } from './AfterScan';
import { TodayStrip } from './TodayStrip';
import { Viewfinder } from './Viewfinder';
import classes from './scanner.module.css';

interface ScanPanelProps {
  readonly reading: boolean;
  readonly onCode: (code: string) => void;
  readonly onToday: () => void;
  /** What the till is set to do with the next card; `null` where it asks anyway. */
  readonly action: ScanAction | null;
  readonly onOnce: (action: ScanAction) => void;
}

/** Waiting for the next card: three ways to tell it. */
export function ScanPanel({ reading, onCode, onToday, action, onOnce }: ScanPanelProps) {
  const { t } = useTranslation('scanner');
  const { device } = useTill();
  const reachable = useReachable();
  return (
    <div className={classes.desk}>
      <Viewfinder onCode={onCode} />
      <div className={classes.pane}>
        <div>
          <Title order={1} size="h2">
            {t('scan.title')}
          </Title>
          <Text c="dimmed" role="status">
            {reading ? t('scan.reading') : t('scan.hint')}
          </Text>
        </div>
        {!reachable && (
          <Alert color="yellow" icon={<IconWifiOff aria-hidden />}>
            {t(device ? 'offline.banner' : 'offline.bannerUnpaired')}
          </Alert>
        )}
        <CodeField reading={reading} onCode={onCode} />
        {action !== null && <AfterScan action={action} onOnce={onOnce} />}
        <TodayStrip onOpen={onToday} />
      </div>
    </div>
  );
}

function CodeField({ reading, onCode }: Pick<ScanPanelProps, 'reading' | 'onCode'>) {
  const { t } = useTranslation('scanner');
  const [code, setCode] = useState('');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (code.trim() === '') return;
    onCode(code.trim());
    setCode('');
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        size="xl"
        aria-label={t('scan.code')}
        placeholder={t('scan.codePlaceholder')}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        maxLength={200}
        dir="ltr"
        rightSectionWidth={56}
        rightSection={
          <ActionIcon type="submit" size={44} aria-label={t('scan.look')} disabled={code.trim() === ''} loading={reading}>
            <IconArrowRight aria-hidden className="mantine-rotate-rtl" />
          </ActionIcon>
        }
      />
    </form>
  );
}
