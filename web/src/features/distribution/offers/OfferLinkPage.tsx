import { Alert, NumberInput, Paper, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Route, Routes, useParams } from 'react-router';

import { api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { SaveBar } from '@/ui/SaveBar';
import { Section } from '@/ui/Section';
import { SectionNav } from '@/ui/SectionNav';

import { PeriodPicker, usePeriod } from '../PeriodPicker';
import { CopyAddress } from '../links/CopyAddress';
import { type FigureName, FigureStrip } from '../links/FigureStrip';
import { PosterPanel } from '../poster/PosterPanel';
import { printedHandout } from '../poster/poster';
import { QrStudio } from '../qr/QrStudio';

import { MOST_CODES } from './NewOfferLink';
import { GIFT_CARD_FIGURES } from './OfferLinks';
import { OFFER_LINKS, type OfferLink, useOfferFigures, useOfferFunnel, useOfferLink } from './requests';

const ALL_CARDS: readonly FigureName[] = ['viewed', 'tapped', 'added', 'removed'];

/** A link to a coupon or gift card: how it did, its code, its poster. */
export function OfferLinkPage() {
  const { t } = useTranslation('distribution');
  const { id = '' } = useParams();
  return (
    <>
      <BackLink to="/distribution/offers" label={t('offers.title')} />
      <Loaded query={useOfferLink(id)}>{(link) => <Opened key={link.id} link={link} />}</Loaded>
    </>
  );
}

function Opened({ link }: { readonly link: OfferLink }) {
  const { t } = useTranslation('distribution');
  const mayWrite = useMay()('coupons:write');
  const { period } = usePeriod();
  const figures = useOfferFigures([link.id], period);
  const all = useOfferFunnel(link, period);
  const isCoupon = link.campaign_id !== null;
  const page = `/distribution/offers/${link.id}`;
  const sections = [
    { to: page, label: t('qr.title'), end: true },
    { to: `${page}/poster`, label: t('poster.title') },
    ...(mayWrite ? [{ to: `${page}/settings`, label: t('links.settings') }] : []),
  ];
  return (
    <Page title={link.name} lead={t(isCoupon ? 'offers.coupon' : 'offers.gift_card')}>
      {!link.active && <Alert icon={<IconPlugConnectedX aria-hidden />} color="gray">{t('offers.offLead')}</Alert>}
      <Paper withBorder p="md" component="section" aria-label={t('figure.title')}>
        <Stack gap="xs">
          <CopyAddress url={link.url} />
          <PeriodPicker />
          {isCoupon ? <FigureStrip figures={figures.data?.get(link.id)} isCounting={figures.isPending} joined="taken" /> : <FigureStrip figures={figures.data?.get(link.id)} isCounting={figures.isPending} names={GIFT_CARD_FIGURES} />}
          <Text size="sm" fw={600} mt="xs">{t('offers.allCards')}</Text>
          {all.isError ? <Fault fault={all.error} retry={() => void all.refetch()} /> : <FigureStrip figures={all.data} isCounting={all.isPending} names={ALL_CARDS} />}
        </Stack>
      </Paper>
      <SectionNav label={link.name} sections={sections} />
      <Routes>
        <Route index element={<QrStudio base={`/api/v1/handout-links/${link.id}`} name={link.name} />} />
        <Route path="poster" element={<PosterPanel of={printedHandout(link.id)} />} />
        {mayWrite && <Route path="settings" element={<Settings link={link} />} />}
      </Routes>
    </Page>
  );
}

const valuesOf = ({ name, max_codes, active }: OfferLink) => ({ name, max_codes, active });

function Settings({ link }: { readonly link: OfferLink }) {
  const { t } = useTranslation('distribution');
  const { value, set, isDirty, settle, replace } = useDraft(valuesOf(link));
  const save = useSaving({
    save: async (body: typeof value) => data(await api.PATCH('/api/v1/handout-links/{link_id}', { params: { path: { link_id: link.id } }, body })),
    refresh: [OFFER_LINKS],
    onSaved: (saved, sent) => settle(valuesOf(saved), sent),
  });
  const faults = refused(save.error, { fewer_than_handed_out: 'max_codes' });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(value);
      }}
    >
      <Section title={t('links.settings')}>
        {faults.above !== null && <Fault fault={faults.above} />}
        <TextInput label={t('links.name')} description={t('links.nameHint')} required maxLength={100} value={value.name} error={faults.at('name')} onChange={({ currentTarget }) => set({ name: currentTarget.value })} />
        {link.campaign_id !== null && <NumberInput label={t('offers.most')} description={t('offers.mostHint')} min={1} max={MOST_CODES} clampBehavior="strict" allowDecimal={false} value={value.max_codes} error={faults.at('max_codes')} onChange={(typed) => set({ max_codes: Number(typed) || 1 })} />}
        <Switch label={t('offers.active')} description={t('offers.activeHint')} checked={value.active} onChange={({ currentTarget }) => set({ active: currentTarget.checked })} />
      </Section>
      <SaveBar isDirty={isDirty} pending={save.isPending} onDiscard={() => replace(valuesOf(link))} />
    </form>
  );
}
