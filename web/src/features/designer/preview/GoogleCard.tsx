import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { readableOn } from '../model/colours';
import { googleFace } from '../model/shown';

import type { CardProps } from './AppleCard';
import { BarcodeBox } from './BarcodeBox';
import styles from './cards.module.css';
import { StampStrip } from './StampStrip';

/** The front of the card as Google Wallet draws it: its colours are the background's alone. */
export const GoogleCard = memo(function GoogleCard({ design, card, images, onPick, picked }: CardProps) {
  const { t } = useTranslation('designer');
  const face = googleFace(design, card);
  const paper = { '--paper': design.colours.background, '--ink': readableOn(design.colours.background) } as React.CSSProperties;
  return (
    <div className={styles.google} style={paper} lang={card.language} dir={card.direction} data-testid="google-front">
      <div className={styles.googleHead}>
        {images.wide_logo ? (
          <img className={styles.wideLogo} src={images.wide_logo} alt="" />
        ) : (
          <>
            {images.icon && <img className={styles.googleLogo} src={images.icon} alt="" />}
            <span><bdi>{face.issuer}</bdi></span>
          </>
        )}
      </div>
      <div className={styles.headline}>
        {face.small && <span className={styles.label}><bdi>{face.small}</bdi></span>}
        <strong><bdi>{face.large}</bdi></strong>
      </div>
      {face.rows.map((row) => (
        <div key={row[0]?.key} className={styles.googleRow}>
          {row.map((field) => (
            <div key={field.key} className={styles.googleField} data-key={field.key} data-picked={picked === field.key || undefined} onClick={onPick && (() => onPick(field.key))}>
              {field.label && <span className={styles.label}><bdi>{field.label}</bdi></span>}
              <span className={styles.value}><bdi>{field.value}</bdi></span>
            </div>
          ))}
        </div>
      ))}
      {card.barcode && <BarcodeBox barcode={card.barcode} />}
      {card.stamps ? (
        <div className={styles.hero}>
          <StampStrip design={design} count={card.stamps.count} width={1032} height={336} images={images} label={t('preview.stamps', { count: card.stamps.count, goal: card.stamps.goal })} />
        </div>
      ) : (
        images.hero && <img className={styles.hero} src={images.hero} alt="" />
      )}
    </div>
  );
});
