import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { percent, whole } from '@/lib/format';

import styles from '../Distribution.module.css';
import type { Figures } from '../requests';

import { conversion } from './figures';

const NAMES = ['viewed', 'joined', 'tapped', 'added_apple', 'added_google', 'removed'] as const;
interface FigureStripProps {
  readonly figures: Partial<Figures> | undefined;
  readonly isCounting: boolean;
  /** What is shown instead of everything. */
  readonly names?: readonly FigureName[];
  /** What a card is made by, where it is no form. */
  readonly joined?: 'joined' | 'taken';
}
export type FigureName = (typeof NAMES)[number] | 'added';

/** From the page that was opened to the card that is on a phone. */
export function FigureStrip({ figures, isCounting, names = NAMES, joined = 'joined' }: FigureStripProps) {
  const { t } = useTranslation('distribution');
  if (isCounting) return <Skeleton h={44} />;
  const share = conversion(figures);
  return (
    <dl className={styles.strip}>
      {names.map((name) => (
        <div key={name}>
          <dt>{t(`figure.${name === 'joined' ? joined : name}`)}</dt>
          <dd data-testid={name}>{whole(figures?.[name] ?? 0)}</dd>
        </div>
      ))}
      {names === NAMES && (
        <div title={t('figure.conversionHint')}>
          <dt>{t('figure.conversion')}</dt>
          <dd data-testid="conversion">{share === null ? '–' : percent(share)}</dd>
        </div>
      )}
    </dl>
  );
}
