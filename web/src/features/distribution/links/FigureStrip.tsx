import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { percent, whole } from '@/lib/format';

import styles from '../Distribution.module.css';
import type { Figures } from '../requests';

import { conversion } from './figures';

const NAMES = ['viewed', 'joined', 'tapped', 'added_apple', 'added_google', 'removed'] as const;

/** From the page that was opened to the card that is on a phone. */
export function FigureStrip({ figures, isCounting }: { readonly figures: Figures | undefined; readonly isCounting: boolean }) {
  const { t } = useTranslation('distribution');
  if (isCounting) return <Skeleton h={44} />;
  const share = conversion(figures);
  return (
    <dl className={styles.strip}>
      {NAMES.map((name) => (
        <div key={name}>
          <dt>{t(`figure.${name}`)}</dt>
          <dd data-testid={name}>{whole(figures?.[name] ?? 0)}</dd>
        </div>
      ))}
      <div title={t('figure.conversionHint')}>
        <dt>{t('figure.conversion')}</dt>
        <dd data-testid="conversion">{share === null ? '–' : percent(share)}</dd>
      </div>
    </dl>
  );
}
