import { ActionIcon, Button, Checkbox, Group, Select, SimpleGrid, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/lib/api';
import type { Refused } from '@/lib/refusals';
import { MoneyInput, QuantityInput } from '@/ui/QuantityInput';

import type { Program } from '../requests';

import { PrizeFields } from './PrizeFields';

type Referral = Schemas['ReferralSettings'];
const PERIODS = ['month', 'quarter', 'year'] as const;

interface ReferralFieldsProps {
  readonly value: Referral;
  readonly onChange: (value: Referral) => void;
  readonly program: Program;
  readonly refused: Refused;
}

/** What members and the friends they bring get, and after which purchase. */
export function ReferralFields({ value, onChange, program, refused }: ReferralFieldsProps) {
  const { t } = useTranslation('programs');
  const set = (change: Partial<Referral>) => onChange({ ...value, ...change });
  const milestones = value.milestones ?? [];
  const put = (place: number, change: Partial<(typeof milestones)[number]>) => set({ milestones: milestones.map((each, at) => (at === place ? { ...each, ...change } : each)) });
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <PrizeFields label={t('community.forReferrer')} value={value.referrer ?? { amount: 0 }} onChange={(referrer) => set({ referrer })} program={program} error={refused.at('referrer.amount')} />
        <PrizeFields label={t('community.forFriend')} value={value.friend ?? { amount: 0 }} onChange={(friend) => set({ friend })} program={program} error={refused.at('friend.amount')} />
        <MoneyInput
          label={t('community.minimum')}
          description={t('community.minimumHint')}
          currency={program.currency}
          value={value.minimum_amount_minor === 0 ? null : value.minimum_amount_minor}
          onChange={(amount) => set({ minimum_amount_minor: amount ?? 0 })}
        />
        <QuantityInput label={t('community.withinDays')} suffix={t('community.days')} min={1} max={365} value={value.within_days ?? 30} onNumber={(within_days) => set({ within_days })} />
        <QuantityInput label={t('community.refundDays')} description={t('community.refundDaysHint')} suffix={t('community.days')} max={365} value={value.refund_days ?? 14} onNumber={(refund_days) => set({ refund_days })} />
        <QuantityInput label={t('community.maxPerReferrer')} min={1} max={10_000} value={value.max_per_referrer} onChange={(max_per_referrer) => set({ max_per_referrer })} />
        <QuantityInput label={t('community.maxPerPeriod')} min={1} max={10_000} value={value.max_per_period} onChange={(max_per_period) => set({ max_per_period })} />
        <Select
          label={t('community.capPeriod')}
          data={PERIODS.map((period) => ({ value: period, label: t(`community.period.${period}`) }))}
          value={value.cap_period ?? 'month'}
          allowDeselect={false}
          onChange={(chosen) => set({ cap_period: PERIODS.find((period) => period === chosen) ?? 'month' })}
        />
      </SimpleGrid>
      <Checkbox label={t('community.firstOnly')} checked={value.first_purchase_only ?? true} onChange={({ currentTarget }) => set({ first_purchase_only: currentTarget.checked })} />
      <Checkbox label={t('community.refuseHousehold')} checked={value.refuse_household ?? true} onChange={({ currentTarget }) => set({ refuse_household: currentTarget.checked })} />
      <Stack gap="xs" align="flex-start">
        {milestones.map((milestone, place) => (
          <Group key={place} gap="xs" align="flex-end">
            <QuantityInput w={150} label={t('community.friends')} min={1} max={1_000} value={milestone.friends} onNumber={(friends) => put(place, { friends })} />
            <PrizeFields label={t('community.extra')} value={milestone.prize} onChange={(prize) => put(place, { prize })} program={program} />
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('community.removeMilestone')} onClick={() => set({ milestones: milestones.filter((_, at) => at !== place) })}>
              <IconX size={18} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        {milestones.length < 10 && (
          <Button
            variant="light"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set({ milestones: [...milestones, { friends: (milestones.at(-1)?.friends ?? 0) + 5, prize: { amount: 1 } }] })}
          >
            {t('community.addMilestone')}
          </Button>
        )}
      </Stack>
    </>
  );
}
