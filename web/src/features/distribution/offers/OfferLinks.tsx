import { Anchor, Badge, Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconTicket } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { whole } from '@/lib/format';
import { useMay } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';

import styles from '../Distribution.module.css';
import { PeriodPicker, usePeriod } from '../PeriodPicker';
import { CopyAddress } from '../links/CopyAddress';
import { type FigureName, FigureStrip } from '../links/FigureStrip';

import { NewOfferLink } from './NewOfferLink';
import { type OfferLink, useOfferFigures, useOfferLinks } from './requests';

/** Cards of gift cards come from the till: their link can tell who looked, and no more. */
export const GIFT_CARD_FIGURES: readonly FigureName[] = ['viewed'];

/** Links to coupons, which hand out codes, and to gift cards, which show what there is. */
export function OfferLinks() {
  const { t } = useTranslation('distribution');
  const mayWrite = useMay()('coupons:write');
  const list = useOfferLinks();
  const { period } = usePeriod();
  const figures = useOfferFigures((list.items ?? []).map(({ id }) => id), period);
  const [isMaking, setMaking] = useState(false);
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setMaking(true)}>{t('offers.add')}</Button>
  );
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <PeriodPicker />
        {(list.items?.length ?? 0) > 0 && add}
      </Group>
      <Listed list={list} empty={<Empty icon={IconTicket} title={t('offers.none')} hint={t('offers.noneHint')} action={add} />}>
        {(links) => (
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('offers.title')}>
            {links.map((link) => <OfferCard key={link.id} link={link} figures={figures.data?.get(link.id)} isCounting={figures.isPending} />)}
          </Stack>
        )}
      </Listed>
      {isMaking && <NewOfferLink onClose={() => setMaking(false)} />}
    </Stack>
  );
}

interface OfferCardProps {
  readonly link: OfferLink;
  readonly figures: Parameters<typeof FigureStrip>[0]['figures'];
  readonly isCounting: boolean;
}

function OfferCard({ link, figures, isCounting }: OfferCardProps) {
  const { t } = useTranslation('distribution');
  const page = `/distribution/offers/${link.id}`;
  const isCoupon = link.campaign_id !== null;
  return (
    <Card component="li" withBorder padding="md">
      <div className={styles.link}>
        <img className={styles.thumb} src={`/api/v1/handout-links/${link.id}/qr.svg?size=96&quiet=2`} alt="" width={76} height={76} loading="lazy" />
        <div className={styles.about}>
          <Group gap="xs">
            <Anchor component={Link} to={page} fw={600} dir="auto">{link.name}</Anchor>
            <Badge variant="light" tt="none">{t(isCoupon ? 'offers.coupon' : 'offers.gift_card')}</Badge>
            {!link.active && <Badge variant="light" color="gray" tt="none">{t('offers.off')}</Badge>}
          </Group>
          {isCoupon && <Text size="sm" c="dimmed">{t('offers.handedOut', { handedOut: whole(link.handed_out), most: whole(link.max_codes) })}</Text>}
          <CopyAddress url={link.url} />
        </div>
        <div className={styles.figures}>
          {isCoupon ? <FigureStrip figures={figures} isCounting={isCounting} joined="taken" /> : <FigureStrip figures={figures} isCounting={isCounting} names={GIFT_CARD_FIGURES} />}
        </div>
      </div>
    </Card>
  );
}
