import { useTranslation } from 'react-i18next';

import type { ShownCard } from '../model/shown';

import { useBarcode } from './barcodes';
import styles from './cards.module.css';

/** The barcode on its white ground, with the text that a person can read. */
export function BarcodeBox({ barcode }: { readonly barcode: NonNullable<ShownCard['barcode']> }) {
  const { t } = useTranslation('designer');
  const picture = useBarcode(barcode.format, barcode.message);
  const isFlat = barcode.format === 'pdf417' || barcode.format === 'code128';
  return (
    <div className={styles.barcode} data-flat={isFlat || undefined}>
      {picture === null ? <span className={styles.noBarcode} /> : <img src={picture} alt={t('preview.barcode')} data-format={barcode.format} />}
      {barcode.altText && <span><bdi>{barcode.altText}</bdi></span>}
    </div>
  );
}
