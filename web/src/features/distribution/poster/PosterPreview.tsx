import { Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Fault } from '@/ui/Fault';

import styles from '../Distribution.module.css';

import { type Design, drawingOf } from './poster';

/** The poster as the server draws it: the picture and the print come from the same lines. */
export function PosterPreview({ base, design }: { readonly base: string; readonly design: Design }) {
  const { t } = useTranslation('distribution');
  const [settled] = useDebouncedValue(drawingOf(base, 'svg', { ...design, crop_marks: false }), 250);
  const [attempt, setAttempt] = useState(0);
  const [drawn, setDrawn] = useState<{ readonly address: string; readonly failed: boolean } | null>(null);
  const address = attempt === 0 ? settled : `${settled}#${attempt}`;
  const isCurrent = drawn?.address === address;
  return (
    <Stack>
      <div className={styles.canvas} aria-busy={!isCurrent} data-testid="poster">
        {isCurrent && drawn.failed ? (
          <Fault fault={new Error(t('poster.failed'))} retry={() => setAttempt((count) => count + 1)} />
        ) : (
          <>
            {drawn === null && <Center pos="absolute"><Loader /></Center>}
            <img
              className={styles.sheet}
              src={address}
              alt={t('poster.alt', { size: t(`poster.sizes.${design.size}`) })}
              data-loading={isCurrent ? undefined : true}
              onLoad={() => setDrawn({ address, failed: false })}
              onError={() => setDrawn({ address, failed: true })}
            />
          </>
        )}
      </div>
      <Group>
        <Button component="a" href={drawingOf(base, 'pdf', design)} download leftSection={<IconDownload size={18} aria-hidden />}>
          {t('poster.download')}
        </Button>
        <Button component="a" href={drawingOf(base, 'pdf', design)} target="_blank" rel="noopener" variant="default" leftSection={<IconPrinter size={18} aria-hidden />}>
          {t('poster.print')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">{t(design.size === 'tent' ? 'poster.fold' : 'poster.scale')}</Text>
    </Stack>
  );
}
