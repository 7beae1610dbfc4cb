import { Button, Checkbox, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { Beside } from '@/ui/Beside';
import { Fault } from '@/ui/Fault';
import { Page } from '@/ui/Page';
import { SaveBar } from '@/ui/SaveBar';
import { SentenceCard } from '@/ui/SentenceCard';

import { CampaignFields } from './CampaignFields';
import { type Campaign, type Values, campaignChange, campaignIn, newCampaign, valuesOf } from './campaign';
import { couponSentence } from './sentence';
import { TermsTrial } from './TermsTrial';
import { useCouponWords } from './useCouponWords';

const FIELDS = { coupon_pattern_too_weak: 'pattern.length', coupon_program_needed: 'program_id' };

/** A new campaign. */
export function NewCampaign() {
  const { t } = useTranslation('coupons');
  return (
    <>
      <BackLink to="/coupons" label={t('title')} />
      <Page title={t('add')} lead={t('addLead')}>
        <CampaignForm campaign={null} />
      </Page>
    </>
  );
}

/** What a campaign promises: a sentence above its form. */
export function CampaignForm({ campaign }: { readonly campaign: Campaign | null }) {
  const { t } = useTranslation('coupons');
  const navigate = useNavigate();
  const may = useMay();
  const canWrite = may('coupons:write') && campaign?.state !== 'ended';
  const [draft, setDraft] = useState(false);
  const { value, set, isDirty, replace, settle } = useDraft<Values>(campaign ? valuesOf(campaign) : newCampaign());
  const words = useCouponWords(value.program_id, true);
  const save = useSaving({
    save: async (sent: Values) =>
      campaign
        ? data(await api.PATCH('/api/v1/coupon-campaigns/{campaign_id}', { params: { path: { campaign_id: campaign.id } }, body: campaignChange(sent) }))
        : data(await api.POST('/api/v1/coupon-campaigns', { body: campaignIn(sent, draft) })),
    refresh: [['coupon-campaigns']],
    onSaved: (saved, sent) => (campaign ? settle(valuesOf(saved), sent) : void navigate(`/coupons/${saved.id}`)),
  });
  const faults = refused(save.error, FIELDS);
  const aside = may('customers:read') && <TermsTrial terms={campaignIn(value, true).terms} programId={value.program_id} words={words} />;
  return (
    <Beside aside={aside}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(value);
        }}
      >
        <fieldset disabled={!canWrite} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
          <Stack>
            <SentenceCard label={words.t('sentence')} sentence={couponSentence(value, words, t)} />
            {faults.above !== null && <Fault fault={faults.above} />}
            <CampaignFields value={value} set={set} words={words} refused={faults} isNew={campaign === null} />
            {campaign === null && <Checkbox label={t('draft')} description={t('draftHint')} checked={draft} onChange={({ currentTarget }) => setDraft(currentTarget.checked)} />}
          </Stack>
        </fieldset>
        {canWrite &&
          (campaign ? (
            <SaveBar isDirty={isDirty} pending={save.isPending} onDiscard={() => replace(valuesOf(campaign))} />
          ) : (
            <SaveBar isDirty={isDirty} isNew pending={save.isPending} action={t('open')} more={<Button component={Link} to="/coupons" variant="default">{t('common:cancel')}</Button>} />
          ))}
      </form>
    </Beside>
  );
}
