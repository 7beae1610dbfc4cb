import { Anchor, Badge, Card, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Figures, JoinLink } from '../requests';
import styles from '../Distribution.module.css';

import { CopyAddress } from './CopyAddress';
import { FigureStrip } from './FigureStrip';
import { LinkMenu } from './LinkMenu';

interface LinkCardProps {
  readonly link: JoinLink;
  readonly figures: Figures | undefined;
  readonly isCounting: boolean;
  readonly program: string | undefined;
  readonly place: string | undefined;
}

/** A link of the list: its code, where it is for, its address, how it did. */
export function LinkCard({ link, figures, isCounting, program, place }: LinkCardProps) {
  const { t } = useTranslation('distribution');
  const campaign = [link.utm_source, link.utm_medium, link.utm_campaign].filter(Boolean).join(' · ');
  return (
    <Card component="li" withBorder padding="md">
      <div className={styles.link}>
        <img className={styles.thumb} src={`/api/v1/links/${link.id}/qr.svg?size=96&quiet=2`} alt="" width={76} height={76} loading="lazy" />
        <div className={styles.about}>
          <Group gap="xs">
            <Anchor component={Link} to={`/distribution/links/${link.id}`} fw={600} dir="auto">
              {link.name}
            </Anchor>
            {link.is_default && <Badge variant="light" tt="none">{t('links.default')}</Badge>}
            {link.archived_at && <Badge variant="light" color="gray" tt="none">{t('links.isArchived')}</Badge>}
            {link.embed_origins.length > 0 && <Badge variant="light" color="teal" tt="none">{t('links.embedded')}</Badge>}
          </Group>
          <Text size="sm" c="dimmed">
            <bdi>{program}</bdi>
            {place && <> · <bdi>{place}</bdi></>}
            {campaign && <> · <bdi>{campaign}</bdi></>}
          </Text>
          <CopyAddress url={link.url} />
        </div>
        <div className={styles.more}>
          <LinkMenu link={link} />
        </div>
        <div className={styles.figures}>
          <FigureStrip figures={figures} isCounting={isCounting} />
        </div>
      </div>
    </Card>
  );
}
