import { Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { money } from '@/lib/format';
import { unitAmount, unitOf } from '@/lib/units';
import { PastPurchase } from '@/ui/earning/PastPurchase';
import type { Words } from '@/ui/earning/words';
import { Loaded } from '@/ui/Loaded';

import { usePrograms } from './useCouponWords';

interface TermsTrialProps {
  readonly terms: Schemas['Terms'];
  readonly programId: string | null;
  readonly words: Words;
}

/** What a code of these terms would have given for a purchase that was made; without a programme, of any one's members. */
export function TermsTrial({ terms, programId, words }: TermsTrialProps) {
  const { data: programs } = usePrograms();
  const asked = programId ?? programs?.find(({ state }) => state !== 'draft')?.id;
  if (asked === undefined) return null;
  return (
    <PastPurchase programId={asked} words={words}>
      {({ id }) => <Answer terms={terms} programId={programId} words={words} purchaseId={id} />}
    </PastPurchase>
  );
}

function Answer({ terms, programId, words, purchaseId }: TermsTrialProps & { readonly purchaseId: string }) {
  const { t } = useTranslation('coupons');
  const [settled] = useDebouncedValue(JSON.stringify({ terms, program_id: programId }), 350);
  const trial = useQuery({
    queryKey: ['coupon-trial', purchaseId, settled, words.language],
    queryFn: async () => data(await api.POST('/api/v1/coupon-campaigns/preview', { body: { ...(JSON.parse(settled) as Pick<Schemas['TermsTrialIn'], 'terms' | 'program_id'>), purchase_id: purchaseId } })),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <Loaded query={trial}>
      {({ discount_minor, units, currency, why_not }) => {
        const unit = terms.effect.type === 'grant_units' ? unitOf(words.units, terms.effect.unit) : undefined;
        return (
          <Stack gap={4} aria-live="polite">
            {why_not !== null && <Text fw={700}>{t('trial.refused')}</Text>}
            {why_not !== null && <Text size="sm" c="dimmed">{why_not}</Text>}
            {discount_minor > 0 && <Text fw={700} size="lg">{t('trial.off', { amount: money(discount_minor, currency) })}</Text>}
            {unit && units > 0 && <Text fw={700} size="lg">{t('trial.gives', { units: unitAmount(units, unit) })}</Text>}
          </Stack>
        );
      }}
    </Loaded>
  );
}
