/** The other sides: the details behind the card, and what a lock screen says. */
import { useTranslation } from 'react-i18next';

import { googleFace } from '../model/shown';

import type { CardProps } from './AppleCard';
import styles from './cards.module.css';

const LINK = /^(https?:\/\/|mailto:|tel:)\S+$/;

/** Behind the card on an iPhone. */
export function AppleBack({ card }: CardProps) {
  const { t } = useTranslation('designer');
  return (
    <div className={styles.appleBack} lang={card.language} dir={card.direction} data-testid="apple-back">
      <p className={styles.backTitle}><bdi>{card.description}</bdi></p>
      <dl>
        {card.fields.back.map((field) => (
          <div key={field.key} data-key={field.key}>
            <dt><bdi>{field.label}</bdi></dt>
            <dd data-link={field.link !== null || LINK.test(field.value) || undefined}><bdi>{field.value}</bdi></dd>
          </div>
        ))}
        {card.links.map((link) => (
          <div key={link.url + link.label}>
            <dt><bdi>{link.label}</bdi></dt>
            <dd data-link><bdi>{link.label}</bdi></dd>
          </div>
        ))}
        {card.fields.back.length + card.links.length === 0 && <div><dd>{t('preview.emptyBack')}</dd></div>}
      </dl>
    </div>
  );
}

/** Below the card in Google Wallet. */
export function GoogleBack({ design, card }: CardProps) {
  const { t } = useTranslation('designer');
  const { details } = googleFace(design, card);
  return (
    <div className={styles.googleBack} lang={card.language} dir={card.direction} data-testid="google-back">
      <p className={styles.backTitle}>{t('preview.details')}</p>
      <dl>
        {details.map((field) => (
          <div key={field.key} data-key={field.key}>
            <dt><bdi>{field.label}</bdi></dt>
            <dd data-link={field.link !== null || undefined}><bdi>{field.value}</bdi></dd>
          </div>
        ))}
      </dl>
      {card.links.map((link) => <span key={link.url + link.label} className={styles.googleLink}><bdi>{link.label}</bdi></span>)}
    </div>
  );
}

/** What a lock screen says: for each field with a message, and where the card comes forward. */
export function LockScreen({ design, card, images, wallet }: CardProps & { readonly wallet: 'apple' | 'google' }) {
  const { t } = useTranslation('designer');
  const told = [...card.fields.header, ...card.fields.primary, ...card.fields.secondary, ...card.fields.auxiliary, ...card.fields.back].filter(({ message }) => message !== null);
  const near = wallet === 'apple' ? design.locations[0] : undefined;
  return (
    <div className={styles.lock} data-wallet={wallet} lang={card.language} dir={card.direction} data-testid={`${wallet}-lock`}>
      <span className={styles.clock} aria-hidden>9:41</span>
      {told.map((field) => (
        <div key={field.key} className={styles.notice} data-key={field.key}>
          {images.icon && <img src={images.icon} alt="" />}
          <div>
            <strong><bdi>{card.organization}</bdi></strong>
            <span><bdi>{wallet === 'apple' ? (field.message ?? '').replaceAll('%@', field.value) : t('preview.googleChanged', { label: field.label, value: field.value })}</bdi></span>
          </div>
        </div>
      ))}
      {near && (
        <div className={styles.notice}>
          {images.icon && <img src={images.icon} alt="" />}
          <div>
            <strong><bdi>{card.organization}</bdi></strong>
            <span><bdi>{near.relevant_text || t('preview.nearby')}</bdi></span>
          </div>
        </div>
      )}
      {told.length === 0 && !near && <p className={styles.quiet}>{t('preview.noMessages')}</p>}
    </div>
  );
}
