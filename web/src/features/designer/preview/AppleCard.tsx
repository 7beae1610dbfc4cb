import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { type Design, styleOf } from '../model/design';
import { APPLE_SHOWS } from '../model/limits';
import type { ShownCard, ShownField } from '../model/shown';

import { BarcodeBox } from './BarcodeBox';
import styles from './cards.module.css';
import { StampStrip } from './StampStrip';

export interface CardProps {
  readonly design: Design;
  readonly card: ShownCard;
  readonly images: Readonly<Record<string, string>>;
  /** Called with the key of the field that was pointed at. */
  readonly onPick?: ((key: string) => void) | undefined;
  /** The field that is being worked on. */
  readonly picked?: string | null | undefined;
}

/** The front of the card as an iPhone draws it. */
export const AppleCard = memo(function AppleCard({ design, card, images, onPick, picked }: CardProps) {
  const { t } = useTranslation('designer');
  const style = styleOf(design.kind);
  const { colours } = design;
  const shown = (area: 'header' | 'primary' | 'secondary' | 'auxiliary') => card.fields[area].slice(0, APPLE_SHOWS[area]);
  const field = (each: ShownField, size?: string) => (
    <AppleField key={each.key} field={each} size={size} isPicked={picked === each.key} onPick={onPick} />
  );
  const first = shown('primary')[0];
  const strip = stripOf({ design, card, images }, t('preview.stamps', { count: card.stamps?.count ?? 0, goal: card.stamps?.goal ?? 0 }));
  const paper = { '--paper': colours.background, '--ink': colours.foreground, '--label': colours.label } as React.CSSProperties;
  const backdrop = style === 'eventTicket' && !strip ? images.background : undefined;
  return (
    <div className={styles.apple} data-style={style} style={paper} lang={card.language} dir={card.direction} data-testid="apple-front">
      {backdrop && <img className={styles.backdrop} src={backdrop} alt="" />}
      <div className={styles.appleHead}>
        {images.logo && <img className={styles.appleLogo} src={images.logo} alt="" />}
        <strong><bdi>{card.logoText || (images.logo ? '' : card.organization)}</bdi></strong>
        <div className={styles.appleHeader}>{shown('header').map((each) => field(each))}</div>
      </div>
      {strip ? (
        <div className={styles.strip}>
          {strip}
          {first && field(first, 'over')}
        </div>
      ) : (
        <div className={styles.lead}>
          <div>{first && field(first, 'first')}</div>
          {images.thumbnail && (style === 'generic' || style === 'eventTicket') && <img className={styles.thumbnail} src={images.thumbnail} alt="" />}
        </div>
      )}
      {(['secondary', 'auxiliary'] as const).map((area) => shown(area).length > 0 && <div key={area} className={styles.row}>{shown(area).map((each) => field(each))}</div>)}
      <div className={styles.appleFoot}>{card.barcode && <BarcodeBox barcode={card.barcode} />}</div>
    </div>
  );
});

function stripOf({ design, card, images }: Pick<CardProps, 'design' | 'card' | 'images'>, label: string) {
  if (card.stamps) return <StampStrip design={design} count={card.stamps.count} width={375} height={144} images={images} label={label} />;
  if (design.kind === 'generic' || !images.strip) return null;
  return <img src={images.strip} alt="" data-ticket={design.kind === 'event_ticket' || undefined} />;
}

interface AppleFieldProps {
  readonly field: ShownField;
  readonly size?: string | undefined;
  readonly isPicked: boolean;
  readonly onPick?: ((key: string) => void) | undefined;
}

function AppleField({ field, size, isPicked, onPick }: AppleFieldProps) {
  const align = field.alignment && field.alignment !== 'natural' ? field.alignment : undefined;
  return (
    <div className={styles.appleField} data-size={size} data-align={align} data-picked={isPicked || undefined} data-key={field.key} onClick={onPick && (() => onPick(field.key))}>
      {field.label && <span className={styles.label}><bdi>{field.label}</bdi></span>}
      <span className={styles.value}><bdi>{field.value}</bdi></span>
    </div>
  );
}
